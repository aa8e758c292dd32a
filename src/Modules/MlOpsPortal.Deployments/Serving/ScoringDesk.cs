using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using MlOpsPortal.Deployments.Serving.Scoring;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Deployments.Serving;

/// <summary>One answer as callers get it.</summary>
/// <param name="Probability">Of the positive class, of a binary model.</param>
/// <param name="Prediction">Of any other.</param>
public sealed record ScoredPrediction(string Id, double? Probability, double? Prediction, string? Label);

/// <summary>A reply of the plain format.</summary>
/// <param name="Version">Number of the model version, or "fallback".</param>
public sealed record ScoreReply(string Model, string Version, DateTimeOffset OccurredAt, ImmutableArray<ScoredPrediction> Predictions)
{
    public bool Fallback { get; init; }

    /// <summary>From the request's arrival to its reply, without the network.</summary>
    public double Milliseconds { get; init; }
}

/// <summary>Scores as <c>/api/v1/endpoints/{name}/score</c> does, for those who are inside: the same checks, counts and log.</summary>
public sealed class ScoringDesk
{
    private readonly ScoringHandler handler;

    internal ScoringDesk(ScoringHandler handler) => this.handler = handler;

    /// <param name="request">JSON: {"rows":[{…}]}.</param>
    public async Task<Result<ScoreReply>> ScoreAsync(Caller caller, string endpoint, string request, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var reply = await handler.ScoreAsync(caller, endpoint, Encoding.UTF8.GetBytes(request), cancellationToken);
        var took = Stopwatch.GetElapsedTime(started);
        return reply.Map(body => JsonSerializer.Deserialize<ScoreReply>(body, PortalJson.Options)! with { Milliseconds = took.TotalMilliseconds }); // written by us
    }
}
