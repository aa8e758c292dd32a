using System.Collections.Immutable;
using MlOpsPortal.Datasets.Profiling;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Datasets.Reading;

/// <summary>A user's file, opened inside the closed sandbox: what it holds, and the query that gives it in our own types.</summary>
internal interface IDataSource
{
    FileShape Shape { get; }

    /// <summary>Types may be widened until <see cref="Widen"/> has no more to do; nullability is known after the profile.</summary>
    ImmutableArray<ColumnSchema> Columns { get; }

    /// <summary>A SELECT of all columns by their names, typed.</summary>
    string Select { get; }

    /// <summary>The first rows, as text.</summary>
    ImmutableArray<ImmutableArray<string?>> Preview { get; }

    /// <summary>Called when the typed SELECT failed: gives columns whose guessed type did not hold a wider one.</summary>
    /// <returns>A refusal when a person named the type, or nothing can be widened.</returns>
    Result<Done> Widen();
}
