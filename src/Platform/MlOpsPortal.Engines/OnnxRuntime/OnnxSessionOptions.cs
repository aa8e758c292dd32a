namespace MlOpsPortal.Engines.OnnxRuntime;

/// <summary>Graph optimisations at load. Constants are never folded, at any level: a hostile file would become gigabytes.</summary>
public enum OnnxOptimization
{
    None = 0,
    Basic = 1,
    Extended = 2,
    All = 99,
}

/// <summary>How a session loads and runs. Custom operators cannot be registered: no library of others is ever loaded.</summary>
public sealed record OnnxSessionOptions
{
    /// <summary>Serving: one thread per call, the callers are the parallelism.</summary>
    public static OnnxSessionOptions Serving { get; } = new();

    /// <summary>Evaluation: two threads over a whole batch, which reproduces published predictions to 1e-7.</summary>
    public static OnnxSessionOptions Evaluation { get; } = new() { IntraOpThreads = 2 };

    /// <summary>First load of a file that nobody vouches for, in a child process.</summary>
    public static OnnxSessionOptions Admission { get; } = new() { Optimization = OnnxOptimization.None, MemoryArena = false, MemoryPattern = false };

    /// <summary>Threads inside one operator, 1..256. Float sums run in another order with another number.</summary>
    public int IntraOpThreads { get; init; } = 1;

    public OnnxOptimization Optimization { get; init; } = OnnxOptimization.All;

    /// <summary>Keeps freed memory for the next run: fast, but the largest run's memory stays. Off, every run allocates.</summary>
    public bool MemoryArena { get; init; } = true;

    /// <summary>Plans memory by the shapes of earlier runs; off for batches of ever-changing size.</summary>
    public bool MemoryPattern { get; init; } = true;

    /// <summary>Gives the arena's unused memory back after each batch run. Costs time per run.</summary>
    public bool ShrinkArena { get; init; }
}
