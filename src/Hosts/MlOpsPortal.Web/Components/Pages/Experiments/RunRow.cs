using System.Collections.Immutable;
using MlOpsPortal.Tracking.Inputs;
using MlOpsPortal.Tracking.Runs;

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

    /// <summary>The latest step of the metrics that have one beyond the first: they have a history to draw.</summary>
    public IReadOnlyDictionary<string, long> Steps { get; init; } = ImmutableDictionary<string, long>.Empty;

    public IReadOnlyDictionary<string, string> Params { get; init; } = ImmutableDictionary<string, string>.Empty;

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ImmutableDictionary<string, string>.Empty;

    public IReadOnlyList<DatasetInput> Datasets { get; init; } = [];

    /// <summary>Logged models that it wrote, as their ids are written.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>The run this one is part of: by MLflow's tag.</summary>
    public string? Parent => Tags.GetValueOrDefault(ParentTag);

    public bool IsOver => Status is "FINISHED" or "FAILED" or "KILLED";

    public TimeSpan? Duration => Start is { } start && End is { } end && end >= start ? end - start : null;

    public static RunRow Of(Run run) => new()
    {
        Id = run.Info.Id.ToString(),
        Name = run.Info.Name,
        Experiment = run.Info.Experiment.ToString(),
        Status = run.Info.Status.ToString().ToUpperInvariant(),
        User = run.Info.UserId is { Length: > 0 } user ? user : null,
        Start = At(run.Info.StartTime),
        End = run.Info.EndTime is { } end ? At(end) : null,
        Deleted = run.Info.Deleted,
        Metrics = run.Metrics.ToDictionary(metric => metric.Key, metric => Value(metric.Value), StringComparer.Ordinal),
        Steps = run.Metrics.Where(metric => metric.Step > 0).ToDictionary(metric => metric.Key, metric => metric.Step, StringComparer.Ordinal),
        Params = new Dictionary<string, string>(run.Params, StringComparer.Ordinal),
        Tags = new Dictionary<string, string>(run.Tags, StringComparer.Ordinal),
        Datasets = run.Inputs.Datasets,
        Models = [.. run.Inputs.Outputs.Select(output => output.ModelId)],
    };

    /// <summary>Infinities are kept as the greatest doubles, as MLflow does it.</summary>
    internal static double Value(double kept) => kept switch { double.MaxValue => double.PositiveInfinity, double.MinValue => double.NegativeInfinity, _ => kept };

    // A client may say any time; one beyond the calendar has no day to show.
    internal static DateTimeOffset? At(long milliseconds) => milliseconds is > 0 and < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
}
