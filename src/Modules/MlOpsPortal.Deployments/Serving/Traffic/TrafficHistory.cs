using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Deployments.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Deployments.Serving.Traffic;

/// <summary>What a deployment did in a stretch of time.</summary>
/// <param name="At">UTC, the stretch's beginning.</param>
/// <param name="Requests">All of them.</param>
/// <param name="BadInput">4xx.</param>
/// <param name="P50Ms">Of answered requests, from request to reply, to about 12 %; null without any.</param>
public sealed record TrafficPoint(
    DateTimeOffset At, long Requests, long Rows, long BadInput, long Unavailable, long TimedOut, long Failed, long Dropped, double? P50Ms, double? P99Ms)
{
    public long Errors => BadInput + Unavailable + TimedOut + Failed;
}

/// <summary>The whole window, and its stretches from oldest to newest; empty stretches are there too.</summary>
/// <param name="Step">How long one stretch is.</param>
public sealed record TrafficView(TrafficPoint Total, ImmutableArray<TrafficPoint> Points, TimeSpan Step);

/// <summary>Requests, errors and latency of a deployment, from the minutes that every process wrote and what this one has counted since.</summary>
public sealed class TrafficHistory
{
    private readonly DeploymentDesk desk;
    private readonly ITenantDb<DeploymentsDbContext> databases;
    private readonly TrafficMeters meters;
    private readonly TimeProvider time;

    internal TrafficHistory(DeploymentDesk desk, ITenantDb<DeploymentsDbContext> databases, TrafficMeters meters, TimeProvider time) =>
        (this.desk, this.databases, this.meters, this.time) = (desk, databases, meters, time);

    /// <param name="window">Up to now; 24 hours for the page.</param>
    /// <param name="points">How many stretches.</param>
    public async Task<Result<TrafficView>> ReadAsync(Caller caller, DeploymentId id, TimeSpan window, int points, CancellationToken cancellationToken)
    {
        var found = await desk.GetAsync(caller, id, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var now = time.GetUtcNow();
        var step = window / points;
        var start = now - window;
        var sums = Enumerable.Range(0, points).Select(_ => new TrafficRow { Latency = new long[LatencyHistogram.Buckets] }).ToArray();
        await using var db = databases.Open(caller.Tenant);
        await foreach (var row in db.Traffic.AsNoTracking().Where(row => row.DeploymentId == id && row.Minute >= start).AsAsyncEnumerable().WithCancellation(cancellationToken))
            Add(sums[Math.Clamp((int)((row.Minute - start) / step), 0, points - 1)], row);
        Add(sums[^1], Counted(meters.Of(caller.Tenant, id).Look()));
        var total = new TrafficRow { Latency = new long[LatencyHistogram.Buckets] };
        foreach (var sum in sums)
            Add(total, sum);
        return new TrafficView(Point(start, total), [.. sums.Select((sum, index) => Point(start + (index * step), sum))], step);
    }

    /// <summary>What was counted in a stretch of time, by minutes; one of zeros when nothing was.</summary>
    public async Task<Result<TrafficPoint>> SumAsync(Caller caller, DeploymentId id, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var found = await desk.GetAsync(caller, id, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var sum = new TrafficRow { Latency = new long[LatencyHistogram.Buckets] };
        await using var db = databases.Open(caller.Tenant);
        await foreach (var row in db.Traffic.AsNoTracking().Where(row => row.DeploymentId == id && row.Minute >= from && row.Minute < to).AsAsyncEnumerable().WithCancellation(cancellationToken))
            Add(sum, row);
        var now = time.GetUtcNow();
        if (from <= now && now < to)
            Add(sum, Counted(meters.Of(caller.Tenant, id).Look()));
        return Point(from, sum);
    }

    private static TrafficRow Counted(TrafficMeter.Counts counts) => new()
    {
        Requests = counts.Requests,
        Rows = counts.Rows,
        BadInput = counts.Outcomes[(int)Outcome.BadInput],
        Unavailable = counts.Outcomes[(int)Outcome.Unavailable],
        TimedOut = counts.Outcomes[(int)Outcome.TimedOut],
        Failed = counts.Outcomes[(int)Outcome.Failed],
        Dropped = counts.Dropped,
        Latency = counts.Latency,
    };

    private static void Add(TrafficRow sum, TrafficRow row)
    {
        sum.Requests += row.Requests;
        sum.Rows += row.Rows;
        sum.BadInput += row.BadInput;
        sum.Unavailable += row.Unavailable;
        sum.TimedOut += row.TimedOut;
        sum.Failed += row.Failed;
        sum.Dropped += row.Dropped;
        for (var bucket = 0; bucket < Math.Min(sum.Latency.Length, row.Latency.Length); bucket++)
            sum.Latency[bucket] += row.Latency[bucket];
    }

    private static TrafficPoint Point(DateTimeOffset at, TrafficRow sum) => new(
        at, sum.Requests, sum.Rows, sum.BadInput, sum.Unavailable, sum.TimedOut, sum.Failed, sum.Dropped,
        LatencyHistogram.Quantile(sum.Latency, 0.5), LatencyHistogram.Quantile(sum.Latency, 0.99));
}
