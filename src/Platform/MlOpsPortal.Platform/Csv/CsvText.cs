namespace MlOpsPortal.Platform.Csv;

/// <summary>Cells of CSV (RFC 4180), one way for every download.</summary>
public static class CsvText
{
    public static string Line(IEnumerable<string> cells) => string.Join(',', cells.Select(Cell));

    /// <summary>Spreadsheets run a text that begins like a formula, so such a text gets an apostrophe in front. Numbers pass as they are, the greatest and the infinite too.</summary>
    public static string Cell(string text)
    {
        var safe = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] && !double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out _) ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
