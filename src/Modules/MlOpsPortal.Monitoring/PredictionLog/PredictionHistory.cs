using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Deployments;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Monitoring.PredictionLog;

/// <summary>A prediction as pages and the API show it.</summary>
/// <param name="Version">Null for the off-switch's fallback.</param>
/// <param name="Output">Probability of the positive class, or the value.</param>
/// <param name="LatencyMs">Null when it was not scored here.</param>
public sealed record PredictionView(
    string Id, DateTimeOffset OccurredAt, DateTimeOffset LoggedAt, int? Version, double Output, string? Label, double? LatencyMs, ImmutableSortedDictionary<string, JsonElement> Features);

/// <summary>The log, newest first.</summary>
public sealed class PredictionHistory
{
    public const int Most = 200;
    private readonly DeploymentDesk deployments;
    private readonly ITenantDb<MonitoringDbContext> databases;

    internal PredictionHistory(DeploymentDesk deployments, ITenantDb<MonitoringDbContext> databases) => (this.deployments, this.databases) = (deployments, databases);

    /// <summary>The last predictions of a deployment.</summary>
    /// <param name="count">1 to <see cref="Most"/>.</param>
    public async Task<Result<ImmutableArray<PredictionView>>> LastAsync(Caller caller, DeploymentId id, int count, CancellationToken cancellationToken)
    {
        var deployment = await deployments.GetAsync(caller, id, cancellationToken);
        if (!deployment.IsOk)
            return deployment.Refusal;
        await using var db = databases.Open(caller.Tenant);
        var rows = await db.Predictions.AsNoTracking().Where(row => row.DeploymentId == id)
            .OrderByDescending(row => row.OccurredAt).ThenByDescending(row => row.PredictionId).Take(Math.Clamp(count, 1, Most)).ToListAsync(cancellationToken);
        return rows.Select(View).ToImmutableArray();
    }

    private static PredictionView View(PredictionRow row) => new(
        row.PredictionId, row.OccurredAt, row.LoggedAt, row.Version, row.Output, row.Label, row.LatencyMicroseconds < 0 ? null : row.LatencyMicroseconds / 1000.0,
        JsonSerializer.Deserialize<ImmutableSortedDictionary<string, JsonElement>>(row.Features)!); // an object, never null
}
