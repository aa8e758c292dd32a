using System.Collections.Immutable;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects.Ledger;

namespace MlOpsPortal.Projects.Kpis.Values;

/// <summary><c>/api/v1/projects/{id}/kpis/{kpi}/values</c>.</summary>
internal static class KpiValueEndpoints
{
    private const string Route = "/api/v1/projects/{id}/kpis/{kpi}/values";

    /// <summary>A value for the date in the address.</summary>
    public sealed record ValueOfDate(decimal Value, string? Note = null);

    public static void MapKpiValues(this IEndpointRouteBuilder endpoints)
    {
        var values = endpoints.MapGroup(Route).WithTags("KPI values");
        values.MapGet("", async (Caller caller, ProjectId id, KpiId kpi, KpiValueDesk desk, CancellationToken cancellationToken) =>
            (await desk.SeriesAsync(caller, id, kpi, cancellationToken)).ToHttp())
            .Produces<KpiSeries>().WithName("GetKpiValues").WithSummary("The KPI and its values by date, declared and measured.");
        values.MapGet("history", async (Caller caller, ProjectId id, KpiId kpi, KpiValueDesk desk, CancellationToken cancellationToken) =>
            (await desk.HistoryAsync(caller, id, kpi, cancellationToken)).ToHttp())
            .Produces<ImmutableArray<KpiValue>>().WithName("GetKpiValueHistory").WithSummary("Everything that was ever said about the KPI's values, newest first.");
        values.MapGet("csv", async (Caller caller, ProjectId id, KpiId kpi, KpiValueDesk desk, CancellationToken cancellationToken) =>
        {
            var series = await desk.SeriesAsync(caller, id, kpi, cancellationToken);
            return series.IsOk ? Results.Text(KpiValueCsv.Of(series.Value), "text/csv", Encoding.UTF8) : series.ToHttp();
        })
            .Produces<string>(StatusCodes.Status200OK, "text/csv").WithName("GetKpiValuesCsv").WithSummary("The values as CSV.");
        values.MapPost("", async (Caller caller, ProjectId id, KpiId kpi, RecordKpiValue request, HttpContext context, KpiValueDesk desk, CancellationToken cancellationToken) =>
            (await desk.RecordAsync(caller, id, kpi, request, cancellationToken)).WithRevision(context, value => value.Revision)
                .ToCreated(value => $"/api/v1/projects/{id}/kpis/{kpi}/values/{value.Date:yyyy-MM-dd}"))
            .Produces<KpiValue>(StatusCodes.Status201Created).WithName("RecordKpiValue").WithSummary("Declares a value for a date that has none.");
        values.MapPut("{date}", async (Caller caller, ProjectId id, KpiId kpi, DateOnly date, ValueOfDate request, IfMatch match, HttpContext context, KpiValueDesk desk, CancellationToken cancellationToken) =>
            (await desk.OverwriteAsync(caller, id, kpi, new RecordKpiValue(date, request.Value, request.Note), match.Revision(), cancellationToken))
                .WithRevision(context, value => value.Revision).ToHttp())
            .Produces<KpiValue>().WithName("SetKpiValue").WithSummary("Declares a date's value over what is there; what was stays in the history.");
        values.MapDelete("{date}", async (Caller caller, ProjectId id, KpiId kpi, DateOnly date, IfMatch match, KpiValueDesk desk, CancellationToken cancellationToken) =>
            (await desk.WithdrawAsync(caller, id, kpi, date, match.Revision(), cancellationToken)).ToHttp())
            .Produces<KpiValue>().WithName("WithdrawKpiValue").WithSummary("Takes a date's value back; it stays in the history.");
        values.MapPost("{date}/undo", async (Caller caller, ProjectId id, KpiId kpi, DateOnly date, IfMatch match, KpiValueDesk desk, CancellationToken cancellationToken) =>
            (await desk.UndoAsync(caller, id, kpi, date, match.Revision(), cancellationToken)).ToHttp())
            .Produces<KpiValue>().WithName("UndoKpiValue").WithSummary("Puts back what stood before the last change of a date.");
    }
}
