using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace MlOpsPortal.Web.Components.Artifacts;

/// <summary>The first rows of a file as a table.</summary>
/// <param name="IsCut">There is more than is shown.</param>
public sealed record ArtifactTable(ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<string>> Rows, bool IsCut)
{
    private const int MostRows = 200;
    private const int MostColumns = 100;
    private const int MostCell = 500;

    /// <summary>Comma, tab or semicolon between, quotes as RFC 4180 has them. What is left open at the end of a cut text is not shown.</summary>
    public static ArtifactTable OfSeparated(string text, char separator, bool isCut)
    {
        var rows = new List<ImmutableArray<string>>();
        var row = ImmutableArray.CreateBuilder<string>();
        var cell = new StringBuilder();
        var quoted = false;
        var at = 0;
        for (; at < text.Length && rows.Count <= MostRows; at++)
        {
            var character = text[at];
            if (quoted)
            {
                if (character != '"')
                    cell.Append(character);
                else if (at + 1 < text.Length && text[at + 1] == '"')
                    cell.Append(text[++at]);
                else
                    quoted = false;
            }
            else if (character == '"' && cell.Length == 0)
            {
                quoted = true;
            }
            else if (character == separator)
            {
                row.Add(Take(cell));
            }
            else if (character == '\n')
            {
                row.Add(Take(cell));
                rows.Add(row.ToImmutable());
                row.Clear();
            }
            else if (character != '\r')
            {
                cell.Append(character);
            }
        }

        if (!isCut && at == text.Length && (row.Count > 0 || cell.Length > 0))
        {
            row.Add(Take(cell));
            rows.Add(row.ToImmutable());
        }

        var more = isCut || at < text.Length || rows.Count > MostRows + 1;
        return rows.Count == 0 ? new([], [], isCut) : new(Narrow(rows[0]), [.. rows.Skip(1).Take(MostRows).Select(Narrow)], more);
    }

    /// <summary>What MLflow's <c>log_table</c> writes: <c>{"columns": […], "data": [[…], …]}</c>.</summary>
    /// <returns>Null for other JSON.</returns>
    public static ArtifactTable? OfJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 16 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("columns", out var columns) || columns.ValueKind != JsonValueKind.Array
                || !root.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array)
                return null;
            var rows = data.EnumerateArray().Where(row => row.ValueKind == JsonValueKind.Array).Take(MostRows + 1).Select(row => Narrow([.. row.EnumerateArray().Take(MostColumns).Select(Cell)])).ToList();
            return new(Narrow([.. columns.EnumerateArray().Select(Cell)]), [.. rows.Take(MostRows)], rows.Count > MostRows);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Cell(JsonElement value) => Cut(value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() ?? "",
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    });

    private static string Take(StringBuilder cell)
    {
        var text = Cut(cell.ToString());
        cell.Clear();
        return text;
    }

    private static string Cut(string text) => text.Length <= MostCell ? text : text[..MostCell] + "…";

    private static ImmutableArray<string> Narrow(ImmutableArray<string> row) => row.Length <= MostColumns ? row : [.. row.Take(MostColumns)];
}
