using System.Collections.Concurrent;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Deployments.Serving.Traffic;

/// <summary>How a request ended.</summary>
internal enum Outcome
{
    Answered,
    BadInput,
    Unavailable,
    TimedOut,
    Failed,
}

/// <summary>Counts what one deployment did since the last look. Lives as long as the process, across releases.</summary>
internal sealed class TrafficMeter(TenantId tenant, DeploymentId deployment)
{
    private Counts counts = new();

    public TenantId Tenant => tenant;

    public DeploymentId Deployment => deployment;

    public void Note(Outcome outcome, int rows, TimeSpan took)
    {
        var current = Volatile.Read(ref counts);
        Interlocked.Increment(ref current.Outcomes[(int)outcome]);
        if (outcome != Outcome.Answered)
            return;
        Interlocked.Add(ref current.Rows, rows);
        Interlocked.Increment(ref current.Latency[LatencyHistogram.Bucket(took.TotalMicroseconds)]);
    }

    /// <summary>Answered, but not logged.</summary>
    public void NoteDropped(int rows) => Interlocked.Add(ref Volatile.Read(ref counts).Dropped, rows);

    public Counts Look() => Volatile.Read(ref counts);

    /// <summary>Takes the counts and starts anew. A request that ends in this very moment may still add to the counts taken.</summary>
    public Counts Take() => Interlocked.Exchange(ref counts, new Counts());

    /// <summary>Puts counts back that could not be kept.</summary>
    public void PutBack(Counts taken)
    {
        var current = Volatile.Read(ref counts);
        for (var index = 0; index < taken.Outcomes.Length; index++)
            Interlocked.Add(ref current.Outcomes[index], taken.Outcomes[index]);
        for (var index = 0; index < taken.Latency.Length; index++)
            Interlocked.Add(ref current.Latency[index], taken.Latency[index]);
        Interlocked.Add(ref current.Rows, taken.Rows);
        Interlocked.Add(ref current.Dropped, taken.Dropped);
    }

    public sealed class Counts
    {
        public readonly long[] Outcomes = new long[Enum.GetValues<Outcome>().Length];
        public readonly long[] Latency = new long[LatencyHistogram.Buckets];
        public long Rows;
        public long Dropped;

        public long Requests => Outcomes.Sum();
    }
}

/// <summary>Every deployment's meter of this process.</summary>
internal sealed class TrafficMeters
{
    private readonly ConcurrentDictionary<DeploymentId, TrafficMeter> meters = new();

    /// <summary>Tells this process's rows from another's.</summary>
    public Guid Process { get; } = Guid.CreateVersion7();

    public IEnumerable<TrafficMeter> All => meters.Values;

    public TrafficMeter Of(TenantId tenant, DeploymentId deployment) => meters.GetOrAdd(deployment, static (id, owner) => new TrafficMeter(owner, id), tenant);
}
