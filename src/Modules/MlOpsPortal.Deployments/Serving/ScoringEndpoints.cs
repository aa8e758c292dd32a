using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Deployments.Serving.Routing;
using MlOpsPortal.Deployments.Serving.Scoring;

namespace MlOpsPortal.Deployments.Serving;

/// <summary>Scoring over HTTP: <c>/api/v1/endpoints/{name}/score</c>, and <c>/v2</c> as the Open Inference Protocol says.</summary>
internal static class ScoringEndpoints
{
    public static void MapScoring(this IEndpointRouteBuilder endpoints)
    {
        var handler = endpoints.ServiceProvider.GetRequiredService<ScoringHandler>();
        endpoints.MapPost("/api/v1/endpoints/{name}/score", http => handler.HandleAsync(http, ScoringFormat.Plain))
            .WithMetadata(BodyLimit.Instance).WithTags("Scoring").WithName("Score")
            .WithSummary("Scores rows of named features: {\"rows\":[{…}], \"predictionIds\":[…]?, \"occurredAt\":… or […]?}. Every answer is logged before it is given.");

        var v2 = endpoints.MapGroup("/v2").ExcludeFromDescription();
        v2.MapPost("/models/{name}/infer", http => handler.HandleAsync(http, ScoringFormat.Oip)).WithMetadata(BodyLimit.Instance);
        v2.MapPost("/models/{name}/versions/{version}/infer", http => handler.HandleAsync(http, ScoringFormat.Oip)).WithMetadata(BodyLimit.Instance);
        foreach (var route in (string[])["/models/{name}", "/models/{name}/versions/{version}"])
        {
            v2.MapGet(route, http => OipAnswers.MetadataAsync(http, handler));
            v2.MapGet(route + "/ready", http => OipAnswers.ReadyAsync(http, handler));
        }

        v2.MapGet("", () => TypedResults.Ok(OipAnswers.Server));
        v2.MapGet("/health/live", () => TypedResults.Ok(new OipHealth { Live = true })).AllowAnonymous();
        v2.MapGet("/health/ready", (RoutingTable table) => TypedResults.Json(new OipHealth { Ready = table.IsComplete }, statusCode: table.IsComplete ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable))
            .AllowAnonymous();
    }

    private sealed class BodyLimit : IRequestSizeLimitMetadata
    {
        public static readonly BodyLimit Instance = new();

        /// <summary>A little over ours, so that our own sentence answers.</summary>
        public long? MaxRequestBodySize => RequestBody.MaxLength + (64 * 1024);
    }
}
