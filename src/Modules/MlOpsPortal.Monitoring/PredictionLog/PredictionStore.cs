using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Deployments.Serving.Spool;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Monitoring.PredictionLog;

/// <summary>Writes predictions in one statement per batch (COPY is refused under row-level security). What is there already stays.</summary>
internal sealed class PredictionStore(ITenantDb<MonitoringDbContext> databases, TimeProvider time) : IPredictionStore
{
    private readonly ConcurrentDictionary<DateOnly, bool> partitions = new();

    /// <summary>Nothing older is logged; older than a few weeks goes into partitions of a month.</summary>
    public const int DaysBack = 3650;

    public async Task AddAsync(TenantId tenant, IReadOnlyList<LoggedPrediction> predictions, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(tenant);
        await EnsurePartitionsAsync(db, predictions, cancellationToken);
        await InsertAsync(db, tenant, predictions, cancellationToken);
    }

    /// <returns>How many were not there yet.</returns>
    public static async Task<int> InsertAsync(MonitoringDbContext db, TenantId tenant, IReadOnlyList<LoggedPrediction> predictions, CancellationToken cancellationToken)
    {
        var days = predictions.Select(DayOf).ToArray();
        var deployments = predictions.Select(prediction => prediction.Deployment.Value).ToArray();
        var ids = predictions.Select(prediction => prediction.Id).ToArray();
        var occurred = predictions.Select(prediction => prediction.OccurredAt).ToArray();
        var logged = predictions.Select(prediction => prediction.LoggedAt).ToArray();
        var versions = predictions.Select(prediction => prediction.Version).ToArray();
        var outputs = predictions.Select(prediction => prediction.Output).ToArray();
        var labels = predictions.Select(prediction => prediction.Label).ToArray();
        var latencies = predictions.Select(prediction => prediction.LatencyMicroseconds).ToArray();
        var features = predictions.Select(prediction => prediction.Features).ToArray();
        return await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO monitoring.predictions (tenant_id, deployment_id, day, prediction_id, occurred_at, logged_at, version, output, label, latency_microseconds, features)
            SELECT {tenant.Value}, deployment_id, day, prediction_id, occurred_at, logged_at, version, output, label, latency_microseconds, features::jsonb
            FROM unnest({deployments}, {days}, {ids}, {occurred}, {logged}, {versions}, {outputs}, {labels}, {latencies}, {features})
                AS batch(deployment_id, day, prediction_id, occurred_at, logged_at, version, output, label, latency_microseconds, features)
            ON CONFLICT DO NOTHING
            """,
            cancellationToken);
    }

    /// <summary>Makes the days' partitions, and ahead of midnight the next one's.</summary>
    public async Task EnsurePartitionsAsync(MonitoringDbContext db, IReadOnlyList<LoggedPrediction> predictions, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        foreach (var day in predictions.Select(DayOf).Distinct().SelectMany(day => day == today ? (DateOnly[])[day, day.AddDays(1)] : [day]).Distinct())
        {
            if (partitions.ContainsKey(day))
                continue;
            await db.Database.ExecuteSqlAsync($"SELECT monitoring.ensure_predictions_day({day})", cancellationToken);
            partitions[day] = true;
        }
    }

    private static DateOnly DayOf(LoggedPrediction prediction) => DateOnly.FromDateTime(prediction.OccurredAt.UtcDateTime);
}
