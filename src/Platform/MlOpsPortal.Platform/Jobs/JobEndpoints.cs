using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Jobs;

/// <summary><c>/api/v1/jobs</c>: look and cancel. Jobs are begun by the use case they belong to.</summary>
public static class JobEndpoints
{
    public static void MapJobEndpoints(this IEndpointRouteBuilder endpoints)
    {
        var jobs = endpoints.MapGroup("/api/v1/jobs").WithTags("Jobs");
        jobs.MapGet("{id}", async (Caller caller, JobId id, JobDesk desk, CancellationToken cancellationToken) =>
            (await desk.GetAsync(caller, id, cancellationToken)).ToHttp())
            .Produces<JobView>().WithName("GetJob").WithSummary("Where a job is, how far, and why it failed.");
        jobs.MapGet("", async (Caller caller, ScopeId project, string? subject, int? limit, string? cursor, JobDesk desk, CancellationToken cancellationToken) =>
            (await desk.ListAsync(caller, project, subject, PageRequest.Of(limit, cursor), cancellationToken)).ToHttp())
            .Produces<Page<JobView>>().WithName("ListJobs").WithSummary("A project's jobs, newest first; subject narrows to one dataset or model.");
        jobs.MapPost("{id}/cancel", async (Caller caller, JobId id, JobDesk desk, CancellationToken cancellationToken) =>
            (await desk.CancelAsync(caller, id, cancellationToken)).ToHttp())
            .Produces<JobView>().WithName("CancelJob").WithSummary("Stops a job. What it would have made does not come to be.");
    }
}
