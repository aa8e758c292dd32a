using System.Globalization;

namespace MlOpsPortal.Engines.DuckDb;

/// <summary>The one place where names and texts become SQL. Values go as parameters; what cannot be a parameter (a column, a path in COPY) goes through here.</summary>
public static class DuckDbSql
{
    /// <summary>A column or table name, quoted. Any name is a legal one, a hostile header too.</summary>
    /// <exception cref="ArgumentException">The name is empty or holds a NUL, which no name can.</exception>
    public static string Identifier(string name)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A name in SQL is not empty and holds no NUL character.", nameof(name));
        return $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>A text value, quoted. DuckDB's plain strings know no backslash escapes.</summary>
    /// <exception cref="ArgumentException">The text holds a NUL, which would end the statement.</exception>
    public static string Literal(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A text in SQL holds no NUL character; pass it as a parameter.", nameof(text));
        return $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    public static string Literal(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A double as DuckDB reads it back to the same bits, NaN and infinities too.</summary>
    public static string Literal(double value) => $"'{Spelled(value)}'::DOUBLE";

    /// <summary>A list of texts, <c>['a', 'b']</c>.</summary>
    public static string Literal(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Literal))}]";

    private static string Spelled(double value) => value switch
    {
        double.NaN => "nan",
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
