using System.Text.Json.Serialization;

namespace MlOpsPortal.Cli.Mlflow;

internal sealed record LoggedModel
{
    public LoggedModelInfo Info { get; init; } = new();

    public LoggedModelData Data { get; init; } = new();

    [JsonIgnore]
    public string Id => Info.ModelId;
}

internal sealed record LoggedModelInfo
{
    public const string Pending = "LOGGED_MODEL_PENDING";

    public string ModelId { get; init; } = "";

    public string ExperimentId { get; init; } = "";

    public string Name { get; init; } = "";

    public string ArtifactUri { get; init; } = "";

    public string Status { get; init; } = Pending;

    public string? ModelType { get; init; }

    public string? SourceRunId { get; init; }

    public IReadOnlyList<KeyValue> Tags { get; init; } = [];
}

internal sealed record LoggedModelData
{
    public IReadOnlyList<KeyValue> Params { get; init; } = [];

    public IReadOnlyList<Metric> Metrics { get; init; } = [];
}

internal sealed record RegisteredModel
{
    public string Name { get; init; } = "";

    public long CreationTimestamp { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<KeyValue> Tags { get; init; } = [];

    public IReadOnlyList<RegisteredAlias> Aliases { get; init; } = [];

    /// <summary>The portal's project; null on a plain MLflow server.</summary>
    public string? ProjectId { get; init; }
}

internal sealed record RegisteredAlias
{
    public string Alias { get; init; } = "";

    public int Version { get; init; }
}

internal sealed record ModelVersion
{
    public const string NoStage = "None";

    public string Name { get; init; } = "";

    public int Version { get; init; }

    public string CurrentStage { get; init; } = NoStage;

    public string? Description { get; init; }

    public string Source { get; init; } = "";

    public string? RunId { get; init; }

    public string? RunLink { get; init; }

    public string? ModelId { get; init; }

    public IReadOnlyList<KeyValue> Tags { get; init; } = [];
}
