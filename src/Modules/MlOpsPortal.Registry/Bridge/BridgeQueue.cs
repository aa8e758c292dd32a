using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Registry.Data;
using MlOpsPortal.Registry.Registered;
using MlOpsPortal.Registry.Versions;
using MlOpsPortal.Tracking.Artifacts;

namespace MlOpsPortal.Registry.Bridge;

/// <summary>Which version shall become a portal model version.</summary>
internal sealed record BridgeSpec(RegisteredModelId Model, int Number);

/// <summary>Lets a job make a portal model version of a registered one: whoever registers does not wait for it.</summary>
internal sealed class BridgeQueue(JobDesk jobs)
{
    public const string Kind = "registry.bridge";

    public void Enqueue(RegistryDbContext db, Caller caller, RegisteredModelRow model, int number) =>
        jobs.Enqueue(db, caller, new NewJob(Kind, ModelPlaces.SubjectOf(model), $"Make {model.Name} version {number} a portal model", new BridgeSpec(model.Id, number)));
}

/// <summary>The job. A version that cannot become one says why; its registration stands.</summary>
internal sealed class BridgeKind(BridgeDesk desk) : IJobKind
{
    public string Kind => BridgeQueue.Kind;

    public async Task<Result<JsonElement>> RunAsync(JobContext job, CancellationToken cancellationToken)
    {
        var spec = job.Spec<BridgeSpec>();
        var linked = await desk.BridgeAsync(job.Caller, spec, cancellationToken);
        if (linked.Refusal is Unavailable away)
            return away;
        return JsonSerializer.SerializeToElement(new BridgeVerdict(linked.Value?.Number, linked.Refusal?.Code), PortalJson.Options);
    }

    public Task AbandonAsync(JobContext job, Refusal why, CancellationToken cancellationToken) => desk.NoteAsync(job.Caller, job.Spec<BridgeSpec>(), why, cancellationToken);

    /// <summary>What the job's row shows.</summary>
    private sealed record BridgeVerdict(int? Version, string? RefusedFor);
}

/// <summary>Makes portal model versions of what was registered or logged.</summary>
public sealed class BridgeDesk
{
    private readonly ITenantDb<RegistryDbContext> databases;
    private readonly ModelPlaces places;
    private readonly LoggedSources sources;
    private readonly PortalModels portal;

    internal BridgeDesk(ITenantDb<RegistryDbContext> databases, ModelPlaces places, LoggedSources sources, PortalModels portal) =>
        (this.databases, this.places, this.sources, this.portal) = (databases, places, sources, portal);

    /// <summary>Makes a version of the portal model of the same name, in the model's project.</summary>
    public async Task<Result<PortalVersionLink>> FromVersionAsync(Caller caller, string name, string version, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var model = await places.FindAsync(db, caller, name, RegistryPermissions.Write, cancellationToken);
        if (!model.IsOk)
            return model.Refusal;
        var row = await ModelPlaces.VersionAsync(db, model.Value, version, cancellationToken);
        return row.IsOk ? await BridgeAsync(caller, new BridgeSpec(model.Value.Id, row.Value.Number), cancellationToken) : row.Refusal;
    }

    /// <summary>Makes a version of a portal model of that name, in the project of the experiment, of the ONNX file in a folder of a run or a logged model.</summary>
    /// <param name="task">What the model answers, where it is new and neither its project nor its signature tells: <c>binary</c>, <c>multiclass</c>, <c>regression</c>.</param>
    public async Task<Result<PortalVersionLink>> FromFolderAsync(Caller caller, ArtifactAddress folder, string name, string? task, CancellationToken cancellationToken)
    {
        var source = await sources.OwnerAsync(caller, folder.Owner, cancellationToken);
        if (!source.IsOk)
            return source.Refusal;
        var files = await sources.FilesAsync(caller, folder, cancellationToken);
        return await TakeAsync(caller, files, (file, manifest) => new PortalCandidate(source.Value.Project, name, null, task, file, manifest, source.Value.SourceRunId), cancellationToken);
    }

    internal async Task<Result<PortalVersionLink>> BridgeAsync(Caller caller, BridgeSpec spec, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var row = await db.Versions.AsNoTracking().SingleOrDefaultAsync(version => version.ModelId == spec.Model && version.Number == spec.Number && version.DeletedAt == null, cancellationToken);
        if (row is not { Files: { } files })
            return row is null ? new NotFound() : RegistryErrors.NoOnnx();
        if (row is { PortalModel: { } done, PortalVersion: { } made, PortalNumber: { } number })
            return new PortalVersionLink(done, made, number);
        var model = await db.Models.AsNoTracking().SingleAsync(one => one.Id == spec.Model, cancellationToken);
        var said = await db.VersionTags.Where(tag => tag.ModelId == spec.Model && tag.Number == spec.Number && tag.Key == TaskGuess.Tag).Select(tag => tag.Value).SingleOrDefaultAsync(cancellationToken)
            ?? await db.ModelTags.Where(tag => tag.ModelId == spec.Model && tag.Key == TaskGuess.Tag).Select(tag => tag.Value).SingleOrDefaultAsync(cancellationToken);
        var linked = await TakeAsync(caller, await sources.FilesAsync(caller, files, cancellationToken), (file, manifest) => new PortalCandidate(model.ProjectId, model.Name, model.Description, said, file, manifest, row.RunId), cancellationToken);
        if (!linked.IsOk)
        {
            await NoteAsync(caller, spec, linked.Refusal, cancellationToken);
            return linked.Refusal;
        }

        await ForAllOfAsync(db, spec, row.Sha256, rows => rows.ExecuteUpdateAsync(set => set
            .SetProperty(version => version.PortalModel, linked.Value.Model)
            .SetProperty(version => version.PortalVersion, linked.Value.Version)
            .SetProperty(version => version.PortalNumber, linked.Value.Number)
            .SetProperty(version => version.PortalRefusal, (string?)null), cancellationToken), cancellationToken);
        return linked;
    }

    internal async Task NoteAsync(Caller caller, BridgeSpec spec, Refusal why, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var content = await db.Versions.Where(version => version.ModelId == spec.Model && version.Number == spec.Number).Select(version => version.Sha256).SingleOrDefaultAsync(cancellationToken);
        await ForAllOfAsync(db, spec, content, rows => rows.ExecuteUpdateAsync(set => set.SetProperty(version => version.PortalRefusal, why.Code), cancellationToken), cancellationToken);
    }

    /// <summary>One content is bridged once: the other versions that have it follow. The model is held, so that one that is registered meanwhile follows too.</summary>
    private static async Task ForAllOfAsync(RegistryDbContext db, BridgeSpec spec, string? content, Func<IQueryable<VersionRow>, Task> change, CancellationToken cancellationToken)
    {
        if (await ModelPlaces.HoldAsync(db, spec.Model, cancellationToken) is not { } held)
            return;
        await using var hold = held;
        await change(db.Versions.Where(version => version.ModelId == spec.Model && version.PortalVersion == null && (version.Number == spec.Number || (content != null && version.Sha256 == content))));
        await hold.CommitAsync(cancellationToken);
    }

    private async Task<Result<PortalVersionLink>> TakeAsync(
        Caller caller, Result<ImmutableArray<VersionFile>> files, Func<VersionFile, ModelManifest?, PortalCandidate> candidate, CancellationToken cancellationToken)
    {
        if (!files.IsOk)
            return files.Refusal;
        if (files.Value.IsEmpty)
            return RegistryErrors.NoFiles();
        var manifest = await ManifestReader.ReadAsync(sources, files.Value, cancellationToken);
        return ManifestReader.Onnx(files.Value, manifest) is { } onnx ? await portal.TakeAsync(caller, candidate(onnx, manifest), cancellationToken) : RegistryErrors.NoOnnx();
    }
}
