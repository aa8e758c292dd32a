using System.Text.Json;

namespace MlOpsPortal.Cli.RoundTrip;

/// <summary>The report that the tool wrote as JSON, read as a stranger would.</summary>
internal sealed record ImportReport(IReadOnlyList<ImportReport.Count> Counts, IReadOnlyList<ImportReport.Note> Notes)
{
    public static ImportReport Parse(string json) => JsonSerializer.Deserialize<ImportReport>(json, JsonSerializerOptions.Web) ?? throw new JsonException("An empty report.");

    public Count Of(string kind) => Counts.Single(count => count.Kind == kind);

    /// <summary>Why something was not copied.</summary>
    public IEnumerable<string> Reasons => Notes.Where(note => note.Attention).Select(note => note.Reason);

    internal sealed record Count(string Kind, long Read, long Written, long Present, long Skipped);

    internal sealed record Note(string Kind, string What, string Reason, bool Attention);
}
