using System.Collections.Immutable;

namespace MlOpsPortal.Tracking.LoggedModels;

/// <summary>A model that a run wrote: files below <see cref="ArtifactUri"/>, what it was made with, and what was measured of it since.</summary>
/// <param name="CreatedMs">Milliseconds since 1970, UTC.</param>
/// <param name="UpdatedMs">Milliseconds since 1970, UTC.</param>
public sealed record LoggedModel(
    LoggedModelId Id, ExperimentId Experiment, string Name, string ArtifactUri, long CreatedMs, long UpdatedMs, LoggedModelStatus Status, string? StatusMessage, string? ModelType,
    string? SourceRunId, bool IsDeleted)
{
    public ImmutableArray<KeyValuePair<string, string>> Tags { get; init; } = [];

    public ImmutableArray<KeyValuePair<string, string>> Params { get; init; } = [];

    public ImmutableArray<LoggedModelMetric> Metrics { get; init; } = [];
}

/// <summary>A point that a run logged for a model.</summary>
/// <param name="Value">NaN and infinities are values.</param>
/// <param name="Timestamp">Milliseconds since 1970, UTC.</param>
/// <param name="Run">Who logged it.</param>
public sealed record LoggedModelMetric(string Key, double Value, long Timestamp, long Step, RunId Run, string? DatasetName, string? DatasetDigest);

/// <param name="Name">Null or empty for one that is made up.</param>
public sealed record CreateLoggedModel(
    string Experiment, string? Name, string? ModelType, string? SourceRunId, ImmutableArray<KeyValuePair<string, string>> Params, ImmutableArray<KeyValuePair<string, string>> Tags);

/// <summary>A page of models.</summary>
public sealed record LoggedModelPage(ImmutableArray<LoggedModel> Models, string? NextPageToken);

/// <param name="Digest">Null for any.</param>
public sealed record DatasetFilter(string Name, string? Digest);

/// <param name="Field">An attribute, or <c>metrics.{key}</c>.</param>
public sealed record LoggedModelOrder(string Field, bool Ascending, string? DatasetName, string? DatasetDigest);

public sealed record SearchLoggedModels(
    ImmutableArray<string> Experiments, string? Filter, ImmutableArray<DatasetFilter> Datasets, ImmutableArray<LoggedModelOrder> OrderBy, long? MaxResults, string? PageToken);
