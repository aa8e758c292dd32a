using System.Text;
using System.Text.Json;

namespace MlOpsPortal.Engines.DuckDb;

/// <summary>What DuckDB says of a statement that it refused, in parts. It says it so after <see cref="AsJson"/> only.</summary>
/// <param name="Kind">"Parser", "Binder", "Catalog", "Conversion", "Permission", "Out of Memory" …; empty where it named none.</param>
/// <param name="Text">Its sentence, without statement and position.</param>
/// <param name="Offset">Where in the statement, in characters from 0; null where it did not say.</param>
public sealed record DuckDbError(string Kind, string Text, int? Offset)
{
    /// <summary>To be run before the sandbox is closed.</summary>
    public const string AsJson = "SET errors_as_json = true";

    /// <param name="sql">The statement that was refused: positions come as bytes of its UTF-8.</param>
    public static DuckDbError Of(DuckDbException exception, string sql)
    {
        var start = exception.Message.IndexOf('{', StringComparison.Ordinal);
        if (start < 0 || Parsed(exception.Message[start..]) is not { } said)
            return new(exception.Kind, exception.Message.Split('\n')[0], null);
        return new(Field(said, "exception_type") ?? exception.Kind, Field(said, "exception_message") ?? "", Characters(sql, Field(said, "position")));
    }

    /// <returns>Line and column of a character, both from 1.</returns>
    public static (int Line, int Column) Place(string sql, int offset)
    {
        var before = sql.AsSpan(0, Math.Clamp(offset, 0, sql.Length));
        return (before.Count('\n') + 1, before.Length - (before.LastIndexOf('\n') + 1) + 1);
    }

    private static JsonElement? Parsed(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null; // a sentence that quotes a brace
        }
    }

    private static string? Field(JsonElement said, string name) => said.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Characters(string sql, string? bytes)
    {
        if (!int.TryParse(bytes, out var count) || count < 0)
            return null;
        var all = Encoding.UTF8.GetBytes(sql);
        return Encoding.UTF8.GetCharCount(all, 0, Math.Min(count, all.Length));
    }
}
