using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Deployments.Releases;
using MlOpsPortal.Deployments.Serving.Traffic;
using MlOpsPortal.Models;
using MlOpsPortal.Models.Ancestry;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Deployments;

/// <summary>A deployment as the API shows it.</summary>
public sealed record DeploymentView(long Version, Deployment Deployment);

/// <summary><c>/api/v1/endpoints</c>, but for scoring.</summary>
internal static class DeploymentEndpoints
{
    private const string Route = "/api/v1/endpoints";

    public sealed record NewRelease(ModelVersionId ModelVersion);

    public sealed record Reason(string Text);

    public static void MapDeployments(this IEndpointRouteBuilder endpoints)
    {
        var deployments = endpoints.MapGroup(Route).WithTags("Endpoints");
        deployments.MapGet("", async (Caller caller, DeploymentDesk desk, CancellationToken cancellationToken, ProjectId? project = null, int? limit = null, string? cursor = null) =>
            (await desk.ListAsync(caller, project, PageRequest.Of(limit, cursor), cancellationToken)).ToHttp())
            .Produces<Page<DeploymentSummary>>().WithName("ListEndpoints").WithSummary("The endpoints of a project, or of all you may know of, by name.");
        deployments.MapPost("", async (Caller caller, NewDeployment request, DeploymentDesk desk, CancellationToken cancellationToken) =>
            (await desk.CreateAsync(caller, request, cancellationToken)).ToCreated(View, deployment => $"{Route}/{deployment.Id}"))
            .Produces<DeploymentView>(StatusCodes.Status201Created).WithName("CreateEndpoint").WithSummary("Opens an endpoint; nothing answers there until a version is released.");
        deployments.MapGet("{id}", async (Caller caller, DeploymentId id, DeploymentDesk desk, CancellationToken cancellationToken) =>
            (await desk.GetAsync(caller, id, cancellationToken)).ToHttp(View))
            .Produces<DeploymentView>().WithName("GetEndpoint").WithSummary("An endpoint with its releases.");
        deployments.MapPost("{id}/releases", async (Caller caller, DeploymentId id, NewRelease request, IfMatch match, DeploymentDesk desk, CancellationToken cancellationToken) =>
            (await desk.ReleaseAsync(caller, id, request.ModelVersion, match.Version, cancellationToken)).ToHttp(View))
            .Produces<DeploymentView>().WithName("ReleaseVersion").WithSummary("Begins to let a version answer: it is loaded and warmed first; until then, and if that fails, the old one answers.");
        deployments.MapPost("{id}/roll-back", async (Caller caller, DeploymentId id, Reason request, IfMatch match, DeploymentDesk desk, CancellationToken cancellationToken) =>
            (await desk.RollBackAsync(caller, id, request.Text, match.Version, cancellationToken)).ToHttp(View))
            .Produces<DeploymentView>().WithName("RollBackEndpoint").WithSummary("Goes back to the version that was live before.");
        deployments.MapGet("{id}/lineage", async (Caller caller, DeploymentId id, DeploymentLineage lineage, CancellationToken cancellationToken) =>
            (await lineage.GetAsync(caller, id, cancellationToken)).ToHttp())
            .Produces<LineageGraph>().WithName("GetEndpointLineage").WithSummary("From the endpoint back: live version, approval, evaluations, data, files, problem and KPIs, as nodes and edges.");
        deployments.MapGet("{id}/traffic", async (Caller caller, DeploymentId id, TrafficHistory history, CancellationToken cancellationToken, int hours = 24) =>
            (await history.ReadAsync(caller, id, TimeSpan.FromHours(Math.Clamp(hours, 1, 24 * 7)), 96, cancellationToken)).ToHttp())
            .Produces<TrafficView>().WithName("GetEndpointTraffic").WithSummary("Requests, errors and latency of the last hours, in 96 stretches.");
        Command<SwitchOff>(deployments.MapPost, "{id}/switch-off", "SwitchOffEndpoint", "Takes the model out of the answer: callers get the fallback value, or a clear 503.");
        Command<SwitchOn>(deployments.MapPost, "{id}/switch-on", "SwitchOnEndpoint", "Lets the live release answer again.");
        Command<SetServingRules>(deployments.MapPut, "{id}/rules", "SetEndpointRules", "What happens when predictions cannot be logged, and the latency budget.");
        Command<ArchiveDeployment>(deployments.MapPost, "{id}/archive", "ArchiveEndpoint", "Puts an endpoint away; its name is free again.");
        deployments.MapPost("{id}/restore", async (Caller caller, DeploymentId id, IfMatch match, DeploymentDesk desk, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, new RestoreDeployment(), match.Version, cancellationToken)).ToHttp(View))
            .Produces<DeploymentView>().WithName("RestoreEndpoint").WithSummary("Brings an archived endpoint back, if its name is still free.");
    }

    private static void Command<TCommand>(Func<string, Delegate, RouteHandlerBuilder> map, string route, string name, string summary)
        where TCommand : DeploymentCommand =>
        map(route, async (Caller caller, DeploymentId id, TCommand command, IfMatch match, DeploymentDesk desk, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, command, match.Version, cancellationToken)).ToHttp(View))
            .Produces<DeploymentView>().WithName(name).WithSummary(summary);

    private static DeploymentView View(Versioned<Deployment> deployment) => new(deployment.Version, deployment.State);
}
