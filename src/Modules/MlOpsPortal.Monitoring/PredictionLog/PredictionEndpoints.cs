using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Deployments;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Monitoring.PredictionLog;

/// <summary>The prediction log over HTTP.</summary>
internal static class PredictionEndpoints
{
    public sealed record PredictionList(ImmutableArray<PredictionView> Items);

    public static void MapPredictions(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/api/v1/endpoints/{id}/predictions", async (Caller caller, DeploymentId id, PredictionHistory history, CancellationToken cancellationToken, int limit = 50) =>
            (await history.LastAsync(caller, id, limit, cancellationToken)).Map(items => new PredictionList(items)).ToHttp())
            .WithTags("Endpoints").Produces<PredictionList>().WithName("ListPredictions").WithSummary("The last predictions of an endpoint, newest first.");
}
