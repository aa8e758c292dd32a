using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Deployments;
using MlOpsPortal.Monitoring.Actuals;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Monitoring.PredictionLog;

/// <summary>The prediction log over HTTP.</summary>
internal static class PredictionEndpoints
{
    public sealed record PredictionList(ImmutableArray<PredictionView> Items);

    public static void MapPredictions(this IEndpointRouteBuilder endpoints)
    {
        var endpoint = endpoints.MapGroup("/api/v1/endpoints/{id}");
        endpoint.MapGet("predictions", async (Caller caller, DeploymentId id, PredictionHistory history, CancellationToken cancellationToken, int limit = 50) =>
            (await history.LastAsync(caller, id, limit, cancellationToken)).Map(items => new PredictionList(items)).ToHttp())
            .WithTags("Endpoints").Produces<PredictionList>().WithName("ListPredictions").WithSummary("The last predictions of an endpoint, newest first.");
        endpoint.MapPost("predictions", async (Caller caller, DeploymentId id, PredictionBatch request, PredictionIntake intake, CancellationToken cancellationToken) =>
            (await intake.TakeAsync(caller, id, request, cancellationToken)).ToHttp())
            .WithMetadata(new BodyLimit()).WithTags("Monitoring").Produces<TakenPredictions>().WithName("SendPredictions")
            .WithSummary("Logs predictions made elsewhere, up to 10,000 at a time; sending them again adds nothing.");
        endpoint.MapPost("actuals", async (Caller caller, DeploymentId id, ActualBatch request, ActualIntake intake, CancellationToken cancellationToken) =>
            (await intake.TakeAsync(caller, id, request, cancellationToken)).ToHttp())
            .WithMetadata(new BodyLimit()).WithTags("Monitoring").Produces<TakenActuals>().WithName("SendActuals")
            .WithSummary("What really happened, by prediction id, up to 10,000 at a time: late is welcome, again changes nothing, the last event time wins.");
        endpoint.MapPost("actuals/csv", async (Caller caller, DeploymentId id, HttpRequest request, ActualIntake intake, CancellationToken cancellationToken) =>
            (await intake.TakeCsvAsync(caller, id, request.Body, cancellationToken)).ToHttp())
            .Accepts<string>("text/csv").WithMetadata(new BodyLimit()).WithTags("Monitoring").Produces<TakenActuals>().WithName("SendActualsCsv")
            .WithSummary("The same as CSV with a header: prediction_id, value and, optionally, at; up to 200,000 rows.");
    }

    private sealed class BodyLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => 64L * 1024 * 1024;
    }
}
