using System.Collections.Immutable;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects.Kpis.Values;

namespace MlOpsPortal.Projects.Standing;

/// <summary>How projects stand: <c>/api/v1/portfolio</c>, <c>/api/v1/check-ins-due</c>, <c>/api/v1/projects/{id}/standing</c>.</summary>
internal static class StandingEndpoints
{
    public static void MapStandings(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api/v1").WithTags("Standing");
        api.MapGet("projects/{id}/standing", async (Caller caller, ProjectId id, StandingDesk desk, CancellationToken cancellationToken) =>
            (await desk.GetAsync(caller, id, cancellationToken)).Map(standing => new StandingView(standing.Objectives, standing.Kpis)).ToHttp())
            .Produces<StandingView>().WithName("GetStanding").WithSummary("Progress, pace and risks of the objectives, and how the KPIs stand, computed from raw values.");
        api.MapGet("portfolio", async (Caller caller, StandingDesk desk, CancellationToken cancellationToken, string? q = null, string? stage = null, string? kpi = null, bool atRisk = false) =>
            (await PortfolioFilter.Read(q, stage, kpi, atRisk).ThenAsync<ImmutableArray<PortfolioEntry>>(async filter => await desk.ListAsync(caller, filter, cancellationToken))).ToHttp())
            .Produces<ImmutableArray<PortfolioEntry>>().WithName("GetPortfolio").WithSummary("Your projects with their progress, risks and worst KPI; filtered.");
        api.MapGet("portfolio/csv", async (Caller caller, StandingDesk desk, CancellationToken cancellationToken, string? q = null, string? stage = null, string? kpi = null, bool atRisk = false) =>
        {
            var filter = PortfolioFilter.Read(q, stage, kpi, atRisk);
            return filter.IsOk ? Results.Text(PortfolioEntry.Csv(await desk.ListAsync(caller, filter.Value, cancellationToken)), "text/csv", Encoding.UTF8) : filter.ToHttp();
        }).Produces<string>(StatusCodes.Status200OK, "text/csv").WithName("GetPortfolioCsv").WithSummary("The same rows as CSV.");
        api.MapGet("check-ins-due", (Caller caller, StandingDesk desk, CancellationToken cancellationToken) => desk.DueAsync(caller, cancellationToken))
            .WithName("ListCheckInsDue").WithSummary("Check-ins and KPI values that are due where you may record them; your own first.");
    }

    public sealed record StandingView(ImmutableArray<Objectives.Progress.ObjectiveStanding> Objectives, ImmutableArray<KpiStanding> Kpis);
}
