using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Data;
using MlOpsPortal.Models.Fidelity;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Platform.Uploads;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Models.Registry;

/// <summary>A new version: an uploaded file and what its uploader says of it.</summary>
/// <param name="Upload">A complete upload of the caller's; null only for a version without a file.</param>
/// <param name="Predictions">The library's own predictions, a complete upload too; with <paramref name="PredictionsDataset"/> for a fidelity receipt.</param>
/// <param name="PredictionsDataset">The dataset version whose rows were predicted.</param>
public sealed record NewVersion(
    UploadId? Upload, VersionRef? TrainedOn, string? Algorithm, ImmutableSortedDictionary<string, string>? Parameters, string? Commit,
    UploadId? Predictions, VersionRef? PredictionsDataset)
{
    /// <summary>The portal shall not run this version: the file (a pickle, a joblib, whatever it is) is kept and never opened, and may be missing; predictions are sent in.</summary>
    public bool NotRun { get; init; }
}

/// <summary>A model in a list.</summary>
/// <param name="Champion">Number of the version with that alias.</param>
/// <param name="LatestState">Of the newest version; null while there is none.</param>
public sealed record ModelSummary(
    ModelId Id, ProjectId Project, string Name, string Description, Projects.Problem.MlTask Task, int Versions, VersionState? LatestState, int? Champion, DateTimeOffset UpdatedAt);

/// <summary>A version with its model, for those who know only the version.</summary>
public sealed record FoundVersion(Model Model, ModelVersion Version);

/// <summary>Every use case of a single model, and the list of them.</summary>
public sealed class ModelDesk
{
    private readonly IGrainFactory grains;
    private readonly IPermissions permissions;
    private readonly ITenantDb<ModelsDbContext> databases;
    private readonly UploadDesk uploads;
    private readonly IDatasetSource datasets;
    private readonly TimeProvider time;

    internal ModelDesk(IGrainFactory grains, IPermissions permissions, ITenantDb<ModelsDbContext> databases, UploadDesk uploads, IDatasetSource datasets, TimeProvider time) =>
        (this.grains, this.permissions, this.databases, this.uploads, this.datasets, this.time) = (grains, permissions, databases, uploads, datasets, time);

    public async Task<Result<Versioned<Model>>> CreateAsync(Caller caller, NewModel request, CancellationToken cancellationToken)
    {
        var command = new CreateModel(Id.New<ModelId>(time.GetUtcNow()), request.Project, request.Name, request.Description, request.Task);
        var allowed = await permissions.DemandAsync(caller, request.Project.Scope, command.Permission, cancellationToken);
        return allowed.IsOk ? await Grain(caller, command.Id).Apply(caller, command, expectedVersion: null, cancellationToken) : allowed.Refusal;
    }

    public async Task<Result<Versioned<Model>>> GetAsync(Caller caller, ModelId id, CancellationToken cancellationToken) =>
        await OpenAsync(caller, id, ModelsPermissions.View, cancellationToken);

    public async Task<Result<FoundVersion>> GetVersionAsync(Caller caller, ModelId id, int number, CancellationToken cancellationToken) =>
        (await GetAsync(caller, id, cancellationToken)).Then(model => Numbered(model.State, number));

    /// <summary>Finds a version by its own id.</summary>
    public async Task<Result<FoundVersion>> FindVersionAsync(Caller caller, ModelVersionId id, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var model = await db.Models.AsNoTracking().Where(row => row.VersionIds.Contains(id.Value)).Select(row => (Guid?)row.Id).SingleOrDefaultAsync(cancellationToken);
        if (model is null)
            return new NotFound();
        return (await GetAsync(caller, new ModelId(model.Value), cancellationToken))
            .Then<FoundVersion>(found => found.State.Find(id) is { } version ? new FoundVersion(found.State, version) : new NotFound());
    }

    /// <summary>Carries out a command on an existing model.</summary>
    public async Task<Result<Versioned<Model>>> ApplyAsync(Caller caller, ModelId id, ModelCommand command, long? expectedVersion, CancellationToken cancellationToken)
    {
        var model = await OpenAsync(caller, id, command.Permission, cancellationToken);
        return model.IsOk ? await Grain(caller, id).Apply(caller, command, expectedVersion, cancellationToken) : model.Refusal;
    }

    /// <summary>Carries out a command on a version known by its number.</summary>
    public async Task<Result<Versioned<Model>>> ApplyAsync(
        Caller caller, ModelId id, int number, Func<ModelVersionId, ModelCommand> command, long? expectedVersion, CancellationToken cancellationToken)
    {
        var found = await GetVersionAsync(caller, id, number, cancellationToken);
        return found.IsOk ? await ApplyAsync(caller, id, command(found.Value.Version.Id), expectedVersion, cancellationToken) : found.Refusal;
    }

    /// <summary>Takes an uploaded file as the next version; a job admits it.</summary>
    public async Task<Result<Versioned<Model>>> UploadAsync(Caller caller, ModelId id, NewVersion request, CancellationToken cancellationToken)
    {
        var model = await OpenAsync(caller, id, ModelsPermissions.Upload, cancellationToken);
        if (!model.IsOk)
            return model.Refusal;
        if (request.TrainedOn is { } trained && await OfProjectAsync(caller, model.Value.State.Project, trained, cancellationToken) is { } unknown)
            return unknown;
        TakenBlob? file = null;
        if (request.Upload is { } uploaded)
        {
            var taken = await TakeAsync(caller, uploaded, "model", cancellationToken);
            if (!taken.IsOk)
                return taken.Refusal;
            file = taken.Value;
        }

        TakenPredictions? native = null;
        if (request.Predictions is { } upload)
        {
            var taken = await TakePredictionsAsync(caller, model.Value.State, upload, request.PredictionsDataset ?? request.TrainedOn, cancellationToken);
            if (!taken.IsOk)
                return taken.Refusal;
            native = taken.Value;
        }

        var lineage = new Lineage(
            request.TrainedOn, DescribeVersion.Given(request.Algorithm), request.Parameters ?? ImmutableSortedDictionary<string, string>.Empty, DescribeVersion.Given(request.Commit));
        var command = new AddVersion(Id.New<ModelVersionId>(time.GetUtcNow()), file, lineage, native, request.NotRun);
        return await Grain(caller, id).Apply(caller, command, expectedVersion: null, cancellationToken);
    }

    /// <summary>Brings the library's own predictions later, or others.</summary>
    public async Task<Result<Versioned<Model>>> AddPredictionsAsync(
        Caller caller, ModelId id, int number, UploadId upload, VersionRef dataset, CancellationToken cancellationToken)
    {
        var model = await OpenAsync(caller, id, ModelsPermissions.Upload, cancellationToken);
        if (!model.IsOk)
            return model.Refusal;
        var version = Numbered(model.Value.State, number);
        if (!version.IsOk)
            return version.Refusal;
        var native = await TakePredictionsAsync(caller, model.Value.State, upload, dataset, cancellationToken);
        return native.IsOk
            ? await Grain(caller, id).Apply(caller, new AddPredictions(version.Value.Version.Id, native.Value), expectedVersion: null, cancellationToken)
            : native.Refusal;
    }

    /// <summary>The models of a project, or of all that the caller may know of, by name.</summary>
    public async Task<Result<Page<ModelSummary>>> ListAsync(Caller caller, ProjectId? project, PageRequest page, CancellationToken cancellationToken)
    {
        if (project is { } one && await permissions.DemandAsync(caller, one.Scope, ModelsPermissions.View, cancellationToken) is { IsOk: false } denied)
            return denied.Refusal;
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        await using var db = databases.Open(caller.Tenant);
        var rows = db.Models.AsNoTracking().Where(row => row.ArchivedAt == null);
        if (project is not null)
            rows = rows.Where(row => row.ProjectId == project);
        else if (!visible.All)
        {
            ImmutableArray<ProjectId> scopes = [.. visible.Scopes.Select(scope => new ProjectId(scope))];
            rows = rows.Where(row => scopes.Contains(row.ProjectId));
        }

        if (Cursors.Read(page.Cursor)?.Split('\n') is [var name, var idText] && Guid.TryParseExact(idText, "n", out var last))
            rows = rows.Where(row => EF.Functions.GreaterThan(ValueTuple.Create(row.NameKey, row.Id), ValueTuple.Create(name, last)));
        var found = await rows.OrderBy(row => row.NameKey).ThenBy(row => row.Id).Take(page.Limit + 1)
            .Select(row => new
            {
                row.NameKey,
                Item = new ModelSummary(
                    new ModelId(row.Id), row.ProjectId, row.Name, row.Description, row.Task, row.VersionIds.Length, row.LatestState, row.ChampionNumber, row.UpdatedAt),
            })
            .ToListAsync(cancellationToken);
        var cut = page.Cut(found, row => $"{row.NameKey}\n{row.Item.Id}");
        return new Page<ModelSummary>([.. cut.Items.Select(row => row.Item)], cut.NextCursor);
    }

    /// <summary>The model, when the caller may do that with it; hidden and absent read the same.</summary>
    internal async Task<Result<Versioned<Model>>> OpenAsync(Caller caller, ModelId id, Permission permission, CancellationToken cancellationToken)
    {
        var model = await Grain(caller, id).Read(cancellationToken);
        if (!model.IsOk)
            return model.Refusal;
        var allowed = await permissions.DemandAsync(caller, model.Value.State.Project.Scope, permission, cancellationToken);
        return allowed.IsOk ? model : allowed.Refusal;
    }

    /// <summary>A version for the job that somebody has asked for: whether she may was asked then.</summary>
    internal async Task<Result<FoundVersion>> OpenForJobAsync(Caller caller, VersionSpec spec, CancellationToken cancellationToken) =>
        (await Grain(caller, spec.Model).Read(cancellationToken))
            .Then<FoundVersion>(found => found.State.Find(spec.Version) is { } version ? new FoundVersion(found.State, version) : new NotFound());

    /// <summary>What the portal itself notes on a model, at the end of a job.</summary>
    internal Task<Result<Versioned<Model>>> NoteAsync(Caller caller, ModelId id, ModelCommand command, CancellationToken cancellationToken) =>
        Grain(caller, id).Apply(caller, command, expectedVersion: null, cancellationToken);

    private static Result<FoundVersion> Numbered(Model model, int number) =>
        number >= 1 && number <= model.Versions.Length ? new FoundVersion(model, model.Versions[number - 1]) : new NotFound();

    /// <returns>Null when the dataset version is of the project.</returns>
    private async Task<Refusal?> OfProjectAsync(Caller caller, ProjectId project, VersionRef version, CancellationToken cancellationToken)
    {
        var found = await datasets.GetAsync(caller, version, cancellationToken);
        return !found.IsOk ? found.Refusal : found.Value.Project == project ? null : ModelsErrors.DatasetOfOtherProject();
    }

    private async Task<Result<TakenPredictions>> TakePredictionsAsync(
        Caller caller, Model model, UploadId upload, VersionRef? dataset, CancellationToken cancellationToken)
    {
        if (model.Task == Projects.Problem.MlTask.Multiclass)
            return new Validation("invalid") { Fields = [new FieldFault("predictions", "models.receipt_classes")] };
        if (dataset is not { } version)
            return new Validation("invalid") { Fields = [new FieldFault("predictionsDataset", "models.predictions_dataset")] };
        if (await OfProjectAsync(caller, model.Project, version, cancellationToken) is { } unknown)
            return unknown;
        return (await TakeAsync(caller, upload, "predictions", cancellationToken)).Map(file => new TakenPredictions(file, version));
    }

    private async Task<Result<TakenBlob>> TakeAsync(Caller caller, UploadId upload, string purpose, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var taken = await uploads.TakeAsync(db, caller, upload, purpose, cancellationToken);
        return taken.Map(file => new TakenBlob(
            new StoredFile(file.Blob.Id, file.FileName, file.Blob.Length, file.Blob.Sha256), purpose));
    }

    private IModelGrain Grain(Caller caller, ModelId id) => grains.GetGrain<IModelGrain>(caller, id.Value);
}

/// <summary>Opens a name that versions can be uploaded under.</summary>
public sealed record NewModel(ProjectId Project, string Name, string? Description, Projects.Problem.MlTask Task);
