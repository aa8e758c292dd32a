using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Deployments.Serving.Spool;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Monitoring.PredictionLog;

/// <summary>Writes predictions in one statement per batch (COPY is refused under row-level security). What is there already stays.</summary>
internal sealed class PredictionStore(ITenantDb<MonitoringDbContext> databases) : IPredictionStore
{
    private readonly ConcurrentDictionary<DateOnly, bool> partitions = new();

    public async Task AddAsync(TenantId tenant, IReadOnlyList<LoggedPrediction> predictions, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(tenant);
        var days = predictions.Select(prediction => DateOnly.FromDateTime(prediction.OccurredAt.UtcDateTime)).ToArray();
        await EnsurePartitionsAsync(db, days, cancellationToken);
        var deployments = predictions.Select(prediction => prediction.Deployment.Value).ToArray();
        var ids = predictions.Select(prediction => prediction.Id).ToArray();
        var occurred = predictions.Select(prediction => prediction.OccurredAt).ToArray();
        var logged = predictions.Select(prediction => prediction.LoggedAt).ToArray();
        var versions = predictions.Select(prediction => prediction.Version).ToArray();
        var outputs = predictions.Select(prediction => prediction.Output).ToArray();
        var labels = predictions.Select(prediction => prediction.Label).ToArray();
        var latencies = predictions.Select(prediction => prediction.LatencyMicroseconds).ToArray();
        var features = predictions.Select(prediction => prediction.Features).ToArray();
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO monitoring.predictions (tenant_id, deployment_id, day, prediction_id, occurred_at, logged_at, version, output, label, latency_microseconds, features)
            SELECT {tenant.Value}, deployment_id, day, prediction_id, occurred_at, logged_at, version, output, label, latency_microseconds, features::jsonb
            FROM unnest({deployments}, {days}, {ids}, {occurred}, {logged}, {versions}, {outputs}, {labels}, {latencies}, {features})
                AS batch(deployment_id, day, prediction_id, occurred_at, logged_at, version, output, label, latency_microseconds, features)
            ON CONFLICT DO NOTHING
            """,
            cancellationToken);
    }

    /// <summary>Makes the days' partitions, and the next day's ahead of midnight.</summary>
    private async Task EnsurePartitionsAsync(MonitoringDbContext db, DateOnly[] days, CancellationToken cancellationToken)
    {
        foreach (var day in days.Distinct().SelectMany(day => (DateOnly[])[day, day.AddDays(1)]).Distinct())
        {
            if (partitions.ContainsKey(day))
                continue;
            await db.Database.ExecuteSqlAsync($"SELECT monitoring.ensure_predictions_day({day})", cancellationToken);
            partitions[day] = true;
        }
    }
}
