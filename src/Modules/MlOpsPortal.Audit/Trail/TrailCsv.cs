using System.Globalization;
using System.Text;
using System.Text.Json;
using MlOpsPortal.Platform.Csv;

namespace MlOpsPortal.Audit.Trail;

/// <summary>Entries as CSV.</summary>
internal static class TrailCsv
{
    private const int FlushEvery = 500;
    private const string Header = "time,person,person_id,action,kind,object,object_id,project,changes,trace_id";

    public static async Task WriteAsync(Stream to, IAsyncEnumerable<TrailEntry> entries, CancellationToken cancellationToken)
    {
        await using var text = new StreamWriter(to, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024, leaveOpen: true) { NewLine = "\r\n" };
        await text.WriteLineAsync(Header.AsMemory(), cancellationToken);
        var written = 0;
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            await text.WriteLineAsync(Line(entry).AsMemory(), cancellationToken);
            if (++written % FlushEvery == 0)
                await text.FlushAsync(cancellationToken);
        }
    }

    internal static string Line(TrailEntry entry) => CsvText.Line(
    [
        entry.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture), entry.ActorName, entry.Actor.ToString(), entry.Action, entry.Kind, entry.Name, entry.Object,
        entry.Project?.ToString() ?? "", Changes(entry.Detail), entry.TraceId ?? "",
    ]);

    private static string Changes(JsonElement detail) => string.Join("; ", TrailChange.Of(detail).Select(change =>
        change.Changed ? $"{Named(change)}{change.Before ?? "–"} → {change.After ?? "–"}" : $"{Named(change)}{change.After}"));

    private static string Named(TrailChange change) => change.Name.Length == 0 ? "" : change.Name + ": ";
}
