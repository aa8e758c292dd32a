using MlOpsPortal.Datasets.Profiling;
using MlOpsPortal.Engines.DuckDb;

namespace MlOpsPortal.Datasets.Reading;

/// <summary>A column of texts as a column of its type. DuckDB's own casts are generous (1.5 becomes the integer 2, 0x10 becomes 16): an integer is one only
/// if it is written back the same.</summary>
internal static class ColumnCast
{
    /// <summary>Null for a text that is not of the type.</summary>
    public static string Try(string name, ColumnType type)
    {
        var text = DuckDbSql.Identifier(name);
        return type switch
        {
            ColumnType.Integer => $"CASE WHEN CAST(TRY_CAST({text} AS BIGINT) AS VARCHAR) = trim({text}) THEN TRY_CAST({text} AS BIGINT) END",
            ColumnType.Number => $"TRY_CAST({text} AS DOUBLE)",
            ColumnType.Boolean => $"CASE lower(trim({text})) WHEN 'true' THEN true WHEN 'false' THEN false END",
            ColumnType.Date => $"TRY_CAST({text} AS DATE)",
            ColumnType.Timestamp => $"TRY_CAST({text} AS TIMESTAMP)",
            ColumnType.Text => text,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "A type without a cast."),
        };
    }

    /// <summary>Fails on a text that is not of the type; NaN becomes missing.</summary>
    public static string Strict(string name, ColumnType type)
    {
        var text = DuckDbSql.Identifier(name);
        return type switch
        {
            ColumnType.Text => text,
            ColumnType.Number => $"CASE WHEN {text} IS NULL OR isnan({Checked(text, Try(name, type))}) THEN NULL ELSE {Try(name, type)} END",
            _ => $"CASE WHEN {text} IS NOT NULL THEN {Checked(text, Try(name, type))} END",
        };
    }

    // The message names a part of the value, an empty one, because DuckDB raises an error of constants before it reads a row.
    private static string Checked(string text, string cast) => $"coalesce({cast}, error('{Mark}' || left({text}, 0)))";

    /// <summary>How the message of a failure begins that means: widen. Messages of other failures may quote the statement.</summary>
    public const string Failure = "Invalid Input Error: " + Mark;
    private const string Mark = "not of the column type";

    /// <summary>What else the column may be.</summary>
    public static ColumnType Wider(ColumnType type) => type == ColumnType.Integer ? ColumnType.Number : ColumnType.Text;

    /// <summary>The type in Parquet.</summary>
    public static string Sql(ColumnType type) => type switch
    {
        ColumnType.Integer => "BIGINT",
        ColumnType.Number => "DOUBLE",
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.Date => "DATE",
        ColumnType.Timestamp => "TIMESTAMP",
        ColumnType.Text => "VARCHAR",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "A type without a place in Parquet."),
    };
}
