using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using MlOpsPortal.Cli.Mlflow;

namespace MlOpsPortal.Cli.Importing;

/// <summary>Which id a run or a logged model got in the portal, and the tags that name them.</summary>
internal sealed partial class References
{
    private static readonly HashSet<string> TagsWithIds = new(StringComparer.Ordinal)
    {
        "mlflow.parentRunId", "mlflow.rootRunId", "mlflow.log-model.history", "mlflow.latest_checkpoint_artifact",
    };

    /// <summary>Written by the server when a version is registered; copied, each version would be in it twice.</summary>
    private static readonly HashSet<string> MadeByServers = new(StringComparer.Ordinal) { "mlflow.modelVersions" };

    private readonly ConcurrentDictionary<string, TargetRun> runs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LoggedModel> models = new(StringComparer.Ordinal);

    /// <summary>Logged models that could not be imported this time.</summary>
    private readonly ConcurrentDictionary<string, bool> refused = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, TargetRun>> Runs => runs;

    public void Add(string sourceRunId, TargetRun run) => runs[sourceRunId] = run;

    public void Add(string sourceModelId, LoggedModel model) => models[sourceModelId] = model;

    public void Refuse(string sourceModelId) => refused[sourceModelId] = true;

    public bool IsRefused(string sourceModelId) => refused.ContainsKey(sourceModelId);

    public TargetRun? Run(string? sourceRunId) => sourceRunId is not null && runs.TryGetValue(sourceRunId, out var run) ? run : null;

    public LoggedModel? Model(string? sourceModelId) => sourceModelId is not null && models.TryGetValue(sourceModelId, out var model) ? model : null;

    /// <summary>The tags as they are written: ids in them translated, those of imports and of the server itself left out.</summary>
    public IReadOnlyList<KeyValue> Translate(IEnumerable<KeyValue> tags) =>
        [.. tags.Where(tag => !Origin.IsOurs(tag) && !MadeByServers.Contains(tag.Key)).Select(tag => TagsWithIds.Contains(tag.Key) ? new KeyValue(tag.Key, Translate(tag.Value)) : tag)];

    /// <summary>Ids that were not imported stay as they are.</summary>
    public string Translate(string text) =>
        Run(text)?.Id ?? Ids().Replace(text, found => found.Value[0] == 'm' ? Model(found.Value)?.Id ?? found.Value : Run(found.Value)?.Id ?? found.Value);

    [GeneratedRegex(@"\b(?:m-)?[0-9a-f]{32}\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Ids();
}

/// <summary>A run of the source as it stands in the portal.</summary>
internal sealed class TargetRun(Run run, bool isNew)
{
    public string Id { get; } = run.Id;

    public string ExperimentId { get; } = run.Info.ExperimentId;

    public string ArtifactUri { get; } = run.Info.ArtifactUri;

    public string? State { get; } = run.Data.Tags.Of(Origin.State);

    public string Status { get; } = run.Info.Status;

    public long? EndTime { get; } = run.Info.EndTime;

    public bool IsDeleted { get; } = run.IsDeleted;

    /// <summary>Created by this very process: nothing is in it.</summary>
    public bool IsNew { get; } = isNew;

    /// <summary>To be deleted at the end, as it is at the source.</summary>
    public bool DeleteAtEnd { get; set; }

    public bool IsComplete(Run source) => State == Origin.StateOf(source) && Status == source.Info.Status && EndTime == source.Info.EndTime;
}
