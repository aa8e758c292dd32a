using System.Globalization;
using System.Text.Json;
using MlOpsPortal.MlflowApi.Wire;
using MlOpsPortal.Tracking;
using MlOpsPortal.Tracking.Metrics;

namespace MlOpsPortal.MlflowApi;

/// <summary><c>metrics/…</c></summary>
internal static class MetricRoutes
{
    public static void MapMetrics(this MlflowRoutes routes)
    {
        routes.Map("GET", "metrics/get-history",
            fields => (Run: RunRoutes.Id(fields), Key: fields.Required("metric_key"), Most: fields.Int64("max_results"), Token: fields.Text("page_token")),
            (call, ask) => call.Desk<MetricDesk>().HistoryAsync(call.Caller, ask.Run, ask.Key, ask.Most is { } most ? (int)Math.Clamp(most, int.MinValue, int.MaxValue - 1) : null, ask.Token, call.Aborted),
            (json, history) =>
            {
                json.List("metrics", history.Points, RunRoutes.Write);
                json.Optional("next_page_token", history.NextToken);
            });
        routes.Map("GET", "metrics/get-history-bulk",
            fields => (Runs: Runs(fields, "run_id"), Key: Key(fields), Most: fields.Int64("max_results") ?? MetricDesk.MaxHistory),
            (call, ask) => call.Desk<MetricDesk>().HistoriesAsync(call.Caller, ask.Runs, ask.Key, (int)Math.Clamp(ask.Most, 0, MetricDesk.MaxHistory), call.Aborted),
            (json, series) => WriteAlways(json, series));
        routes.Map("GET", "metrics/get-history-bulk-interval", Interval,
            (call, ask) => call.Desk<MetricDesk>().SampleAsync(call.Caller, ask.Runs, ask.Key, ask.Most, ask.From, ask.To, call.Aborted),
            (json, series) =>
            {
                if (series.Any(run => !run.Points.IsEmpty))
                    WriteAlways(json, series);
            });
    }

    private static void WriteAlways(Utf8JsonWriter json, IReadOnlyList<MetricSeries> series)
    {
        json.WriteStartArray("metrics");
        foreach (var run in series)
            foreach (var point in run.Points)
            {
                json.WriteStartObject();
                RunRoutes.Write(json, point);
                json.WriteString("run_id", run.Run.ToString());
                json.WriteEndObject();
            }

        json.WriteEndArray();
    }

    private static (string[] Runs, string Key, int Most, long? From, long? To) Interval(MlflowFields fields)
    {
        var (from, to, most) = (fields.Int64("start_step"), fields.Int64("end_step"), fields.Int64("max_results") ?? MetricDesk.MaxPoints);
        if (from is null != to is null)
            fields.Refuse(MlflowRefusals.BothSteps());
        else if (from > to)
            fields.Refuse(MlflowRefusals.StepOrder(from.Value, to!.Value)); // both are there, or it would not be greater
        if (most is < 1 or > MetricDesk.MaxPoints)
            fields.Refuse(TrackingErrors.Range("max_results", most.ToString(CultureInfo.InvariantCulture), $"between 1 and {MetricDesk.MaxPoints}"));
        return (Runs(fields, "run_ids"), fields.Required("metric_key"), (int)Math.Clamp(most, 1, MetricDesk.MaxPoints), from, to);
    }

    private static string[] Runs(MlflowFields fields, string name)
    {
        string[] runs = [.. fields.Texts(name)];
        if (runs.Length == 0)
            fields.Missing(name);
        if (runs.Length > MetricDesk.MaxRuns)
            fields.Refuse(TrackingErrors.TooMany("run_ids", MetricDesk.MaxRuns, runs.Length));
        return runs;
    }

    private static string Key(MlflowFields fields)
    {
        if (fields.Text("metric_key") is { } key)
            return key;
        fields.Missing("metric_key");
        return "";
    }
}
