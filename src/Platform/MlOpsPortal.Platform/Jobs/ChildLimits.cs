namespace MlOpsPortal.Platform.Jobs;

/// <summary>What a child may use. It sets most of this on itself; wall time and resident memory are watched from outside.</summary>
public sealed record ChildLimits
{
    public TimeSpan WallTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Seconds of processor time over all threads.</summary>
    public TimeSpan CpuTime { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Bytes of private memory (RLIMIT_DATA), what .NET itself reserves included.</summary>
    public long Data { get; init; } = 4L << 30;

    /// <summary>Bytes of resident memory.</summary>
    public long Resident { get; init; } = 2L << 30;

    /// <summary>Bytes of the managed heap.</summary>
    public long Heap { get; init; } = 512L << 20;

    /// <summary>Bytes of any one file it writes.</summary>
    public long FileSize { get; init; } = 4L << 30;

    public int OpenFiles { get; init; } = 256;
}
