using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Audit.Trail;

/// <summary><c>/api/v1/audit</c></summary>
internal static class TrailEndpoints
{
    public static void MapTrail(this IEndpointRouteBuilder endpoints)
    {
        var audit = endpoints.MapGroup("/api/v1/audit").WithTags("Audit");
        audit.MapGet("", async (Caller caller, [AsParameters] Filters filters, TrailDesk desk, int? limit, string? cursor, CancellationToken cancellationToken) =>
            (await desk.ListAsync(caller, filters.Query, PageRequest.Of(limit, cursor), cancellationToken)).ToHttp())
            .Produces<Page<TrailEntry>>().WithName("ListAudit").WithSummary("Who did what to what, newest first: by person, object, action, project and time.");
        audit.MapGet("csv", async (Caller caller, [AsParameters] Filters filters, TrailDesk desk, CancellationToken cancellationToken) =>
            Export(await desk.ExportAsync(caller, filters.Query, cancellationToken)))
            .Produces<string>(StatusCodes.Status200OK, "text/csv").WithName("ExportAudit").WithSummary("The same entries as CSV, all of them, with texts escaped against formulas. Taking them is an entry itself.");
    }

    private static IResult Export(Result<IAsyncEnumerable<TrailEntry>> entries) => entries.IsOk
        ? Results.Stream(stream => TrailCsv.WriteAsync(stream, entries.Value, CancellationToken.None), "text/csv; charset=utf-8", "audit.csv")
        : entries.ToHttp();

    /// <param name="Person">An account's id, or a part of the name as it was then.</param>
    /// <param name="Kind">What it was done to: project, dataset, model, member…</param>
    /// <param name="Object">The id of what it was done to, or a part of its name.</param>
    /// <param name="Action">The action, or its beginning: <c>member.</c></param>
    /// <param name="Project">A project's id.</param>
    /// <param name="From">At this moment or later.</param>
    /// <param name="To">Before this moment.</param>
    private sealed record Filters(string? Person, string? Kind, string? Object, string? Action, ScopeId? Project, DateTimeOffset? From, DateTimeOffset? To)
    {
        public TrailQuery Query => new(Person, Kind, Object, Action, Project, From, To);
    }
}
