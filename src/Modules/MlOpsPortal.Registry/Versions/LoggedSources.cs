using System.Collections.Immutable;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Tracking.Artifacts;
using MlOpsPortal.Tracking.Experiments;
using MlOpsPortal.Tracking.LoggedModels;
using MlOpsPortal.Tracking.Runs;

namespace MlOpsPortal.Registry.Versions;

/// <summary>Where a run or a logged model keeps its files, and in which project.</summary>
/// <param name="Name">Of the run or the model.</param>
internal sealed record LoggedSource(ProjectId Project, string ArtifactUri, string? SourceRunId, string Name);

/// <summary>A file that a version stands on.</summary>
/// <param name="Path">Below where the version begins.</param>
public sealed record VersionFile(string Path, Artifact Artifact);

/// <summary>What the registry asks of what was logged. Hidden and absent read the same.</summary>
internal sealed class LoggedSources(RunDesk runs, ExperimentDesk experiments, LoggedModelDesk models, ArtifactDesk artifacts, ArtifactPins pins)
{
    /// <summary>A model has some dozens; who registers a whole run's folder may have more.</summary>
    private const int MostFiles = 100_000;

    public Task<Result<LoggedSource>> OwnerAsync(Caller caller, ArtifactOwner owner, CancellationToken cancellationToken) =>
        owner.IsModel ? ModelAsync(caller, owner.ToString(), cancellationToken) : RunAsync(caller, owner.ToString(), cancellationToken);

    public async Task<Result<LoggedSource>> RunAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var run = await runs.GetAsync(caller, id, cancellationToken);
        return run.IsOk ? await OfAsync(caller, run.Value.Info.Experiment.ToString(), run.Value.Info.ArtifactUri, id, run.Value.Info.Name, cancellationToken) : run.Refusal;
    }

    public async Task<Result<LoggedSource>> ModelAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var model = await models.GetAsync(caller, id, orDeleted: false, cancellationToken);
        return model.IsOk ? await OfAsync(caller, model.Value.Experiment.ToString(), model.Value.ArtifactUri, model.Value.SourceRunId, model.Value.Name, cancellationToken) : model.Refusal;
    }

    /// <summary>The files at an address of the portal's own store, by path; none where nobody keeps any, as in another store.</summary>
    public async Task<Result<ImmutableArray<VersionFile>>> FilesAsync(Caller caller, string uri, CancellationToken cancellationToken)
    {
        return ArtifactAddress.OfUri(uri) is { } address ? await FilesAsync(caller, address, cancellationToken) : ImmutableArray<VersionFile>.Empty;
    }

    public async Task<Result<ImmutableArray<VersionFile>>> FilesAsync(Caller caller, ArtifactAddress address, CancellationToken cancellationToken)
    {
        var found = await artifacts.ListAllAsync(caller, address, MostFiles, cancellationToken);
        return found.Map(files => files.Select(file => new VersionFile(Below(address.Path, file.Path), file)).ToImmutableArray());
    }

    /// <summary>From now on nothing at the address is written or deleted.</summary>
    /// <returns>Null when there is nothing.</returns>
    public async Task<Result<PinnedArtifacts?>> PinAsync(Caller caller, string uri, CancellationToken cancellationToken)
    {
        if (ArtifactAddress.OfUri(uri) is not { } address)
            return new Result<PinnedArtifacts?>();
        var pinned = await pins.PinAsync(caller, address, cancellationToken);
        return pinned.IsOk ? new Result<PinnedArtifacts?> { Value = pinned.Value.Files == 0 ? null : pinned.Value } : pinned.Refusal;
    }

    /// <summary>Nothing stands on it any more.</summary>
    public async Task UnpinAsync(Caller caller, string uri, CancellationToken cancellationToken)
    {
        if (ArtifactAddress.OfUri(uri) is { } address)
            await pins.UnpinAsync(caller, address, cancellationToken);
    }

    public Task<Stream> OpenAsync(VersionFile file, CancellationToken cancellationToken) => artifacts.OpenAsync(file.Artifact, 0, null, cancellationToken);

    /// <summary>Notes the version on its logged model, as MLflow's server does.</summary>
    public async Task NoteAsync(Caller caller, string loggedModel, string name, string version, CancellationToken cancellationToken) =>
        await models.AddVersionAsync(caller, Tracking.LoggedModelId.Parse(loggedModel), name, version, cancellationToken);

    private async Task<Result<LoggedSource>> OfAsync(Caller caller, string experiment, string uri, string? run, string name, CancellationToken cancellationToken) =>
        (await experiments.GetAsync(caller, experiment, cancellationToken)).Map(found => new LoggedSource(found.Project, uri, run, name));

    /// <summary>A path is below its folder; a file that was registered itself is called by its own name.</summary>
    private static string Below(ArtifactPath root, ArtifactPath path) =>
        root.IsRoot ? path.Text : path.Text.Length > root.Text.Length ? path.Text[(root.Text.Length + 1)..] : path.Name;
}
