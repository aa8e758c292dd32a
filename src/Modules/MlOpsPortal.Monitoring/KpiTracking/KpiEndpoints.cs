using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Kpis.Values;

namespace MlOpsPortal.Monitoring.KpiTracking;

/// <summary><c>/api/v1/projects/{id}/kpis/{kpi}</c>, as far as it is about measuring.</summary>
internal static class KpiEndpoints
{
    public sealed record Schedule(bool On);

    public static void MapKpiTracking(this IEndpointRouteBuilder endpoints)
    {
        var kpis = endpoints.MapGroup("/api/v1/projects/{id}/kpis/{kpi}").WithTags("Measured KPIs");
        kpis.MapGet("track", async (Caller caller, ProjectId id, KpiId kpi, KpiTracker tracker, CancellationToken cancellationToken) =>
            (await tracker.TrackAsync(caller, id, kpi, cancellationToken)).ToHttp())
            .Produces<KpiTrack>().WithName("GetKpiTrack").WithSummary("The KPI's values, declared and measured, with releases, incidents and periods without a value.");
        kpis.MapGet("track.csv", async (Caller caller, ProjectId id, KpiId kpi, KpiTracker tracker, CancellationToken cancellationToken) =>
        {
            var track = await tracker.TrackAsync(caller, id, kpi, cancellationToken);
            return track.IsOk ? Results.Text(KpiCsv.Of(track.Value), "text/csv", Encoding.UTF8) : track.ToHttp();
        }).Produces<string>(StatusCodes.Status200OK, "text/csv").WithName("GetKpiTrackCsv").WithSummary("The KPI's values as CSV.");
        kpis.MapGet("measurement", async (Caller caller, ProjectId id, KpiId kpi, MeasurementDesk desk, CancellationToken cancellationToken) =>
            (await desk.GetAsync(caller, id, kpi, cancellationToken)).ToHttp())
            .Produces<MeasurementView>().WithName("GetKpiMeasurement").WithSummary("How the KPI is measured from data, all definitions so far.");
        kpis.MapPut("measurement", async (Caller caller, ProjectId id, KpiId kpi, MeasurementSpec spec, IfMatch match, MeasurementDesk desk, CancellationToken cancellationToken) =>
            (await desk.DefineAsync(caller, id, kpi, spec, match.Version, cancellationToken)).ToHttp())
            .Produces<MeasurementView>().WithName("DefineKpiMeasurement").WithSummary("Says how the KPI is measured from now on: queries over named inputs, checked before they are saved. A change is a new version.");
        kpis.MapPost("measurement/try", async (Caller caller, ProjectId id, KpiId kpi, TryMeasurement request, MeasurementDesk desk, CancellationToken cancellationToken) =>
            (await desk.TryAsync(caller, id, kpi, request, cancellationToken)).ToHttp())
            .Produces<MeasurementTrial>().WithName("TryKpiMeasurement").WithSummary("Computes one period over at most 200,000 rows of each input and keeps nothing.");
        kpis.MapPut("measurement/schedule", async (Caller caller, ProjectId id, KpiId kpi, Schedule request, MeasurementDesk desk, CancellationToken cancellationToken) =>
            (await desk.ScheduleAsync(caller, id, kpi, request.On, cancellationToken)).ToHttp())
            .Produces<MeasurementView>().WithName("ScheduleKpiMeasurement").WithSummary("Lets new periods be measured once a day when their outcomes are settled, or not any more.");
        kpis.MapPost("measurement/runs", async (Caller caller, ProjectId id, KpiId kpi, RunMeasurement request, MeasurementDesk desk, CancellationToken cancellationToken) =>
            (await desk.RunAsync(caller, id, kpi, request, cancellationToken)).ToHttp())
            .Produces<KpiRun>().WithName("RunKpiMeasurement").WithSummary("Measures now: what is due, or the periods of a span. The run's id is its job's.");
        kpis.MapGet("measurement/runs", async (Caller caller, ProjectId id, KpiId kpi, int? limit, string? cursor, MeasurementDesk desk, CancellationToken cancellationToken) =>
            (await desk.RunsAsync(caller, id, kpi, PageRequest.Of(limit, cursor), cancellationToken)).ToHttp())
            .Produces<Page<KpiRun>>().WithName("ListKpiRuns").WithSummary("Runs with what they read and what each period came to, newest first.");
    }
}

/// <summary>A KPI's values as a file.</summary>
internal static class KpiCsv
{
    public static string Of(KpiTrack track)
    {
        var csv = new StringBuilder("date,period_start,value,source,numerator,denominator,kpi_version,definition,inputs,recorded_at,by,note\r\n");
        foreach (var point in track.Points)
        {
            var value = point.Value;
            string?[] cells =
            [
                Day(value.Date), point.PeriodStart is { } start ? Day(start) : "", Number(value.Value), value.Source == ValueSource.Measured ? "measured" : "declared",
                Number(value.Evidence?.Numerator), Number(value.Evidence?.Denominator), Number(value.KpiVersion), Number(point.Definition),
                Text(string.Join("; ", (value.Evidence?.Inputs ?? []).Select(input => $"{input.Name} = {input.Version}"))),
                value.RecordedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), Text(value.AuthorName), Text(value.Note),
            ];
            csv.AppendJoin(',', cells).Append("\r\n");
        }

        return csv.ToString();
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Number(decimal? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    /// <summary>Quoted; a text that a spreadsheet would take for a formula begins with an apostrophe.</summary>
    private static string Text(string text)
    {
        var safe = text.Length > 0 && (text[0] is '=' or '+' or '-' or '@' or '\t' or '\r') ? "'" + text : text;
        return $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
