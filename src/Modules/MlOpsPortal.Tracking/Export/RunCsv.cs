using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MlOpsPortal.Platform.Csv;
using MlOpsPortal.Tracking.Runs;

namespace MlOpsPortal.Tracking.Export;

/// <summary>Runs as CSV: id and name, then the columns asked for, each as a search writes it ("metrics.auc", "params.lr", "tags.team") or one of a run's own.
/// Numbers are invariant with all digits; texts are escaped against formulas.</summary>
internal static class RunCsv
{
    public static async Task WriteAsync(Stream to, ImmutableArray<string> columns, IAsyncEnumerable<Run> runs, CancellationToken cancellationToken)
    {
        await using var text = new StreamWriter(to, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024, leaveOpen: true) { NewLine = "\r\n" };
        await text.WriteLineAsync(CsvText.Line(columns.Prepend("run_name").Prepend("run_id")).AsMemory(), cancellationToken);
        await foreach (var run in runs.WithCancellation(cancellationToken))
            await text.WriteLineAsync(Line(run, columns).AsMemory(), cancellationToken);
    }

    internal static string Line(Run run, ImmutableArray<string> columns) => CsvText.Line(columns.Select(column => Cell(run, column)).Prepend(run.Info.Name).Prepend(run.Info.Id.ToString()));

    private static string Cell(Run run, string column) => column switch
    {
        _ when After(column, "metrics.") is { } metric => run.Value(metric)?.ToString("R", CultureInfo.InvariantCulture) ?? "",
        _ when After(column, "params.") is { } param => run.Param(param) ?? "",
        _ when After(column, "tags.") is { } tag => run.Tag(tag) ?? "",
        "start_time" => Time(run.Info.StartTime),
        "end_time" => run.Info.EndTime is { } end ? Time(end) : "",
        "duration" => run.Info.EndTime is { } end ? ((end - run.Info.StartTime) / 1000.0).ToString("R", CultureInfo.InvariantCulture) : "",
        "user_id" => run.Info.UserId,
        "status" => run.Info.Status.ToString().ToUpperInvariant(),
        "run_id" => run.Info.Id.ToString(),
        "source" => run.Tag("mlflow.source.name") ?? "",
        "datasets" => string.Join(", ", run.Inputs.Datasets.Select(input => $"{input.Dataset.Name} ({input.Dataset.Digest})").Distinct(StringComparer.Ordinal)),
        "models" => string.Join(", ", run.Inputs.Outputs.Select(output => output.ModelId)),
        _ => "",
    };

    private static string? After(string column, string prefix) => column.StartsWith(prefix, StringComparison.Ordinal) ? column[prefix.Length..] : null;

    // What a client said may lie beyond the calendar: then the milliseconds are all there is.
    private static string Time(long milliseconds) => milliseconds is >= 0 and < 253_402_300_800_000
        ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)
        : milliseconds.ToString(CultureInfo.InvariantCulture);
}
