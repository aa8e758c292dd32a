using System.Collections.Immutable;

namespace MlOpsPortal.Web.Components.Pages.Experiments;

/// <summary>A run as tables and charts know it: the latest value of each metric, parameters and tags by name.</summary>
public sealed record RunRow
{
    private const string ParentTag = "mlflow.parentRunId";

    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The experiment, as its id is written.</summary>
    public required string Experiment { get; init; }

    /// <summary>RUNNING, SCHEDULED, FINISHED, FAILED or KILLED.</summary>
    public required string Status { get; init; }

    public string? User { get; init; }

    public DateTimeOffset? Start { get; init; }

    public DateTimeOffset? End { get; init; }

    public bool Deleted { get; init; }

    public IReadOnlyDictionary<string, double> Metrics { get; init; } = ImmutableDictionary<string, double>.Empty;

    public IReadOnlyDictionary<string, string> Params { get; init; } = ImmutableDictionary<string, string>.Empty;

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ImmutableDictionary<string, string>.Empty;

    public IReadOnlyList<RunDataset> Datasets { get; init; } = [];

    /// <summary>The run this one is part of: by MLflow's tag.</summary>
    public string? Parent => Tags.GetValueOrDefault(ParentTag);

    public bool IsOver => Status is "FINISHED" or "FAILED" or "KILLED";

    public TimeSpan? Duration => Start is { } start && End is { } end && end >= start ? end - start : null;
}

/// <summary>A data set that went into a run.</summary>
/// <param name="Context">What for: "train", "eval"; null where the run does not say.</param>
public sealed record RunDataset(string Name, string Digest, string? Context, string SourceType = "", string Source = "", string? Schema = null, string? Profile = null);
