using System.Collections.Immutable;
using MlOpsPortal.Datasets.Profiling;

namespace MlOpsPortal.Datasets.Reading;

public enum FileFormat
{
    Csv,
    Parquet,
}

public enum TextEncoding
{
    Utf8,
    Utf16,

    /// <summary>Windows-1252, the superset of Latin-1 that files with this name hold in practice.</summary>
    Latin1,
}

/// <summary>How a file is to be read: whatever a person says stands, whatever she leaves out is detected.</summary>
/// <param name="Delimiter">One character: comma, semicolon, tab, bar or another.</param>
/// <param name="Header">Does the first row hold the names?</param>
/// <param name="Types">Corrections by column name.</param>
/// <param name="MissingTexts">Texts that mean "no value"; the empty one always does.</param>
public sealed record ReadOptions(
    FileFormat? Format, string? Delimiter, TextEncoding? Encoding, bool? Header, ImmutableDictionary<string, ColumnType>? Types, ImmutableArray<string>? MissingTexts)
{
    public static readonly ReadOptions Detect = new(null, null, null, null, null, null);
}

/// <summary>What a file turned out to be.</summary>
/// <param name="Delimiter">Null for Parquet.</param>
/// <param name="Notes">What a person should know: codes with arguments, sentences are resources.</param>
public sealed record FileShape(FileFormat Format, string? Delimiter, TextEncoding? Encoding, bool? Header, ImmutableArray<FileNote> Notes);

/// <summary>Something that was put right or guessed on the way.</summary>
public sealed record FileNote(string Code, ImmutableArray<string> Args);

/// <summary>A file as it would be read, for a person to correct before it is saved.</summary>
/// <param name="Rows">The first rows as text, null for a missing value.</param>
public sealed record Detection(FileShape Shape, ImmutableArray<ColumnSchema> Columns, ImmutableArray<ImmutableArray<string?>> Rows);
