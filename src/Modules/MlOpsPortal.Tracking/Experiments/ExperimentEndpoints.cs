using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Tracking.Experiments;

/// <param name="Project">Where the experiment belongs from now on.</param>
public sealed record MoveExperiment(ProjectId Project);

/// <summary><c>/api/v1/experiments</c>: what MLflow's own contract has no word for.</summary>
internal static class ExperimentEndpoints
{
    public static void MapExperiments(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGroup("/api/v1/experiments").WithTags("Experiments")
            .MapPut("{id}/project", async (Caller caller, string id, MoveExperiment request, ExperimentDesk desk, CancellationToken cancellationToken) =>
                (await desk.MoveAsync(caller, id, request.Project, cancellationToken)).ToHttp())
            .Produces<Done>().WithName("MoveExperiment").WithSummary("Moves an experiment with its runs into another project. Who sees it changes at once.");
}
