using System.Collections.Frozen;

namespace MlOpsPortal.Platform.Jobs;

/// <summary>Where a job is.</summary>
public enum JobState
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

/// <summary>What can happen to a job.</summary>
public enum JobMove
{
    Claim,

    /// <summary>Its worker's heart stopped: another takes it.</summary>
    Retake,

    /// <summary>It could not be done now, or the portal shuts down.</summary>
    PutBack,
    Succeed,
    Fail,
    Cancel,
}

/// <summary>The lifecycle, as one table.</summary>
public static class JobLifecycle
{
    private static readonly FrozenDictionary<(JobState From, JobMove Move), JobState> Table = new Dictionary<(JobState, JobMove), JobState>
    {
        [(JobState.Queued, JobMove.Claim)] = JobState.Running,
        [(JobState.Queued, JobMove.Cancel)] = JobState.Cancelled,
        [(JobState.Running, JobMove.Retake)] = JobState.Running,
        [(JobState.Running, JobMove.PutBack)] = JobState.Queued,
        [(JobState.Running, JobMove.Succeed)] = JobState.Succeeded,
        [(JobState.Running, JobMove.Fail)] = JobState.Failed,
        [(JobState.Running, JobMove.Cancel)] = JobState.Cancelled,
    }.ToFrozenDictionary();

    /// <exception cref="InvalidOperationException">The lifecycle has no such move.</exception>
    public static JobState After(JobState from, JobMove move) =>
        Table.TryGetValue((from, move), out var to) ? to : throw new InvalidOperationException($"A job that is {from} cannot {move}.");

    public static bool IsOver(JobState state) => state is JobState.Succeeded or JobState.Failed or JobState.Cancelled;
}
