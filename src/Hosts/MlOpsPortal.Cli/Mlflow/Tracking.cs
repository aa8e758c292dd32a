using System.Text.Json.Serialization;

namespace MlOpsPortal.Cli.Mlflow;

internal sealed record Experiment
{
    public string ExperimentId { get; init; } = "";

    public string Name { get; init; } = "";

    public string ArtifactLocation { get; init; } = "";

    public string LifecycleStage { get; init; } = Mlflow.LifecycleStage.Active;

    /// <summary>Milliseconds since 1970; 0 on servers that do not tell.</summary>
    public long CreationTime { get; init; }

    public IReadOnlyList<KeyValue> Tags { get; init; } = [];

    /// <summary>The portal's project; null on a plain MLflow server.</summary>
    public string? ProjectId { get; init; }

    [JsonIgnore]
    public bool IsDeleted => LifecycleStage == Mlflow.LifecycleStage.Deleted;
}

internal sealed record Run
{
    public RunInfo Info { get; init; } = new();

    public RunData Data { get; init; } = new();

    public RunInputs Inputs { get; init; } = new();

    public RunOutputs Outputs { get; init; } = new();

    [JsonIgnore]
    public string Id => Info.RunId;

    [JsonIgnore]
    public bool IsDeleted => Info.LifecycleStage == LifecycleStage.Deleted;
}

internal sealed record RunInfo
{
    public string RunId { get; init; } = "";

    public string RunName { get; init; } = "";

    public string ExperimentId { get; init; } = "";

    public string UserId { get; init; } = "";

    public string Status { get; init; } = "RUNNING";

    public long? StartTime { get; init; }

    public long? EndTime { get; init; }

    public string ArtifactUri { get; init; } = "";

    public string LifecycleStage { get; init; } = Mlflow.LifecycleStage.Active;
}

/// <summary>Metrics are the latest value of each key; the history is asked for by key.</summary>
internal sealed record RunData
{
    public IReadOnlyList<Metric> Metrics { get; init; } = [];

    public IReadOnlyList<KeyValue> Params { get; init; } = [];

    public IReadOnlyList<KeyValue> Tags { get; init; } = [];
}

/// <summary>One point of a metric. The last four say which model it judges, on what, in which run.</summary>
internal sealed record Metric
{
    public string Key { get; init; } = "";

    public double Value { get; init; }

    public long Timestamp { get; init; }

    public long Step { get; init; }

    public string? ModelId { get; init; }

    public string? DatasetName { get; init; }

    public string? DatasetDigest { get; init; }

    public string? RunId { get; init; }
}

internal sealed record RunInputs
{
    public IReadOnlyList<DatasetInput> DatasetInputs { get; init; } = [];

    public IReadOnlyList<ModelReference> ModelInputs { get; init; } = [];
}

internal sealed record RunOutputs
{
    public IReadOnlyList<ModelReference> ModelOutputs { get; init; } = [];
}

internal sealed record ModelReference
{
    public string ModelId { get; init; } = "";

    public long? Step { get; init; }
}

internal sealed record DatasetInput
{
    public IReadOnlyList<KeyValue> Tags { get; init; } = [];

    public Dataset Dataset { get; init; } = new();
}

internal sealed record Dataset
{
    public string Name { get; init; } = "";

    public string Digest { get; init; } = "";

    public string? SourceType { get; init; }

    public string? Source { get; init; }

    public string? Schema { get; init; }

    public string? Profile { get; init; }
}
