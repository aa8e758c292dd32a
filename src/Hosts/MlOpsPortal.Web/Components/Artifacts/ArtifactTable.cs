using System.Collections.Immutable;
using System.Text.Json;
using MlOpsPortal.Platform.Csv;

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
        var records = CsvRecords.Of(text, separator).Where(record => record.IsEnded || !isCut).Take(MostRows + 2).Select(record => record.Cells.Take(MostColumns).Select(Cut).ToImmutableArray()).ToList();
        return records.Count == 0 ? new([], [], isCut) : new(records[0], [.. records.Skip(1).Take(MostRows)], isCut || records.Count > MostRows + 1);
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

    private static string Cut(string text) => text.Length <= MostCell ? text : text[..MostCell] + "…";

    private static ImmutableArray<string> Narrow(ImmutableArray<string> row) => row.Length <= MostColumns ? row : [.. row.Take(MostColumns)];
}
