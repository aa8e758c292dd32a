using System.Collections.Immutable;

namespace MlOpsPortal.Tracking.Inputs;

/// <summary>A dataset as a run's client describes it.</summary>
/// <param name="Schema">JSON of the client's; null when it said none.</param>
public sealed record RunDataset(string Name, string Digest, string SourceType, string Source, string? Schema, string? Profile);

/// <summary>A run read a dataset; its tag <c>mlflow.data.context</c> says what for.</summary>
public sealed record DatasetInput(RunDataset Dataset, ImmutableArray<KeyValuePair<string, string>> Tags)
{
    public const string ContextTag = "mlflow.data.context";

    public string? Context => Tags.FirstOrDefault(tag => tag.Key == ContextTag).Value;
}

/// <summary>A run wrote a logged model.</summary>
/// <param name="ModelId">As the client wrote it.</param>
public sealed record ModelOutput(string ModelId, long Step);

/// <summary>What a run read and wrote.</summary>
public sealed record RunInputs(ImmutableArray<DatasetInput> Datasets, ImmutableArray<string> Models, ImmutableArray<ModelOutput> Outputs)
{
    public static readonly RunInputs None = new([], [], []);
}
