using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Deployments.Serving.Spool;

/// <summary>Where spooled predictions go. Implemented by Monitoring.</summary>
public interface IPredictionStore
{
    /// <summary>Adds predictions of one tenant; what is there already (by deployment, UTC day and id) stays as it is.</summary>
    /// <exception cref="Npgsql.NpgsqlException">The database is away (the batch comes again), or a prediction cannot be stored (it is put aside).</exception>
    Task AddAsync(TenantId tenant, IReadOnlyList<LoggedPrediction> predictions, CancellationToken cancellationToken);
}

/// <summary>One answer that was given.</summary>
/// <param name="Id">The caller's or the portal's; unique per deployment and UTC day.</param>
/// <param name="OccurredAt">When it happened, UTC microseconds: a caller's retry repeats it.</param>
/// <param name="LoggedAt">When it was scored.</param>
/// <param name="Version">Number of the model version; null when the off-switch's fallback was given.</param>
/// <param name="Output">Probability of the positive class, or the value.</param>
/// <param name="Label">The decision, of a binary model.</param>
/// <param name="Features">JSON object by feature name.</param>
public sealed record LoggedPrediction(
    TenantId Tenant, DeploymentId Deployment, string Id, DateTimeOffset OccurredAt, DateTimeOffset LoggedAt, int? Version, double Output, string? Label, int LatencyMicroseconds, string Features);
