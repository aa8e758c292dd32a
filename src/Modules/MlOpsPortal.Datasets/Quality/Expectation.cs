using System.Collections.Immutable;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Json;

namespace MlOpsPortal.Datasets.Quality;

/// <summary>A rule that every version of a dataset should meet.</summary>
public abstract record Expectation : IUnion
{
    public required Guid Id { get; init; }

    internal abstract void Check(Faults faults, string field);

    protected static void CheckMostly(Faults faults, string field, double mostly) =>
        faults.When(mostly is not (> 0 and <= 1), field + ".mostly", "datasets.share");

    protected static void CheckColumn(Faults faults, string field, string column) => faults.Text(field + ".column", column, 500);
}

/// <summary>At least a share of the rows has a value.</summary>
/// <param name="Mostly">Over 0 to 1.</param>
public sealed record NotNull(string Column, double Mostly) : Expectation
{
    internal override void Check(Faults faults, string field)
    {
        CheckColumn(faults, field, Column);
        CheckMostly(faults, field, Mostly);
    }
}

/// <summary>Of the values that are there, at least a share lies between two bounds, both included.</summary>
public sealed record InRange(string Column, double? Min, double? Max, double Mostly) : Expectation
{
    internal override void Check(Faults faults, string field)
    {
        CheckColumn(faults, field, Column);
        CheckMostly(faults, field, Mostly);
        faults.When(Min is null && Max is null, field, "datasets.range_empty").When(Min > Max, field + ".min", "datasets.range_order");
    }
}

/// <summary>Of the values that are there, at least a share is one of those listed, compared as text.</summary>
public sealed record InSet(string Column, ImmutableArray<string> Values, double Mostly) : Expectation
{
    public const int MaxValues = 1000;

    internal override void Check(Faults faults, string field)
    {
        CheckColumn(faults, field, Column);
        CheckMostly(faults, field, Mostly);
        faults.When(Values.IsDefaultOrEmpty || Values.Length > MaxValues, field + ".values", "datasets.set_size");
    }
}

/// <summary>No two rows have the same values in these columns; rows without any value there do not count.</summary>
public sealed record Unique(ImmutableArray<string> Columns) : Expectation
{
    internal override void Check(Faults faults, string field) =>
        faults.When(Columns.IsDefaultOrEmpty || Columns.Length > 20, field + ".columns", "datasets.unique_columns");
}

/// <summary>The number of rows lies between two bounds, both included.</summary>
public sealed record RowCountBetween(long? Min, long? Max) : Expectation
{
    internal override void Check(Faults faults, string field) =>
        faults.When(Min is null && Max is null, field, "datasets.range_empty").When(Min > Max, field + ".min", "datasets.range_order");
}

/// <summary>What a version did with an expectation.</summary>
/// <param name="Passed">Null when it could not be evaluated; <paramref name="Reason"/> then says why, and it counts as not met.</param>
/// <param name="Observed">Share of the applicable rows that meet it (0..1), or the number of rows for <see cref="RowCountBetween"/>.</param>
/// <param name="Applicable">Rows that it speaks about.</param>
/// <param name="Failed">Rows of those that do not meet it.</param>
/// <param name="Examples">Up to five values that do not.</param>
/// <param name="Reason">A code, sentence in the resources.</param>
public sealed record ExpectationResult(
    Expectation Expectation, bool? Passed, double? Observed, long Applicable, long Failed, ImmutableArray<string> Examples, string? Reason);
