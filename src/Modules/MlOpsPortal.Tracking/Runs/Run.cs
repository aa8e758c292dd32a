using System.Collections.Immutable;
using MlOpsPortal.Tracking.Inputs;
using MlOpsPortal.Tracking.Metrics;

namespace MlOpsPortal.Tracking.Runs;

/// <summary>Where a run stands, by MLflow's numbers.</summary>
public enum RunStatus
{
    Running = 1,
    Scheduled = 2,
    Finished = 3,
    Failed = 4,
    Killed = 5,
}

/// <summary>A run without what it logged.</summary>
/// <param name="UserId">An account of the machine that runs, as the client said it.</param>
/// <param name="StartTime">Milliseconds since 1970.</param>
/// <param name="EndTime">Milliseconds since 1970; null while it has none.</param>
/// <param name="Deleted">Itself or its experiment is.</param>
public sealed record RunInfo(
    RunId Id, string Name, ExperimentId Experiment, string UserId, RunStatus Status, long StartTime, long? EndTime, string ArtifactUri, bool Deleted);

/// <summary>A run with everything but its histories.</summary>
/// <param name="Metrics">The latest point of each, by key.</param>
public sealed record Run(RunInfo Info, ImmutableArray<Metric> Metrics, ImmutableArray<KeyValuePair<string, string>> Params, ImmutableArray<KeyValuePair<string, string>> Tags, RunInputs Inputs)
{
    public string? Tag(string key) => Tags.FirstOrDefault(tag => tag.Key == key).Value;

    public string? Param(string key) => Params.FirstOrDefault(param => param.Key == key).Value;

    /// <summary>Null when it was never logged.</summary>
    public double? Value(string metric)
    {
        foreach (var point in Metrics)
            if (point.Key == metric)
                return point.Value;
        return null;
    }
}
