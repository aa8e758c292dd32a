using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MlOpsPortal.Deployments.Data;
using MlOpsPortal.Platform.Data;
using Npgsql;

namespace MlOpsPortal.Deployments.Serving.Traffic;

/// <summary>Writes each deployment's counts once a minute. What cannot be written is counted into the next minute.</summary>
internal sealed class TrafficWriter(TrafficMeters meters, ITenantDb<DeploymentsDbContext> databases, TimeProvider time, ILogger<TrafficWriter> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await WriteAsync(stoppingToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var minute = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        foreach (var meter in meters.All)
        {
            var counts = meter.Take();
            if (counts.Requests == 0 && counts.Dropped == 0)
                continue;
            try
            {
                await AddAsync(meter, counts, minute, cancellationToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException || DatabaseAway.Is(exception))
            {
                meter.PutBack(counts);
                log.LogWarning(exception, "Traffic could not be written; it is counted into the next minute");
                return;
            }
        }
    }

    private async Task AddAsync(TrafficMeter meter, TrafficMeter.Counts counts, DateTimeOffset minute, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(meter.Tenant);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO deployments.traffic (tenant_id, deployment_id, minute, process_id, requests, rows, bad_input, unavailable, timed_out, failed, dropped, latency)
            VALUES ({meter.Tenant.Value}, {meter.Deployment.Value}, {minute}, {meters.Process}, {counts.Requests}, {counts.Rows}, {counts.Outcomes[(int)Outcome.BadInput]},
                {counts.Outcomes[(int)Outcome.Unavailable]}, {counts.Outcomes[(int)Outcome.TimedOut]}, {counts.Outcomes[(int)Outcome.Failed]}, {counts.Dropped}, {counts.Latency})
            ON CONFLICT (tenant_id, deployment_id, minute, process_id) DO UPDATE SET
                requests = traffic.requests + excluded.requests, rows = traffic.rows + excluded.rows, bad_input = traffic.bad_input + excluded.bad_input,
                unavailable = traffic.unavailable + excluded.unavailable, timed_out = traffic.timed_out + excluded.timed_out, failed = traffic.failed + excluded.failed,
                dropped = traffic.dropped + excluded.dropped,
                latency = (SELECT array_agg(a + b ORDER BY at) FROM unnest(traffic.latency, excluded.latency) WITH ORDINALITY AS both_of(a, b, at))
            """,
            cancellationToken);
    }
}
