using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Datasets.Catalog;
using MlOpsPortal.Datasets.Data;
using MlOpsPortal.Datasets.Jobs;
using MlOpsPortal.Datasets.Profiling;
using MlOpsPortal.Datasets.Quality;
using MlOpsPortal.Datasets.Reading;
using MlOpsPortal.Datasets.Splitting;
using MlOpsPortal.Datasets.Versions;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Platform.Uploads;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Datasets;

/// <summary>A file to become a version.</summary>
/// <param name="Training">For a test version: the version it belongs to, if not the dataset's latest training version.</param>
public sealed record NewVersion(UploadId Upload, ReadOptions? Options, DatasetRole Role, string? Target, VersionRef? Training);

/// <summary>A dataset and its first version in one.</summary>
public sealed record NewDataset(string Name, string? Description, NewVersion? Version);

/// <summary>Everything to be seen of a version.</summary>
/// <param name="Quality">The newest check's results; empty before there was one.</param>
public sealed record VersionDetail(
    DatasetId Dataset, string DatasetName, ProjectId Project, DatasetVersion Version, ImmutableArray<ColumnSchema> Columns, DatasetProfile? Profile, ImmutableArray<ExpectationResult> Quality);

/// <param name="Rows">Of the first hundred, as text; null for a missing value.</param>
/// <param name="Total">Rows of the version.</param>
public sealed record RowsView(ImmutableArray<ColumnSchema> Columns, ImmutableArray<ImmutableArray<string?>> Rows, long Total);

/// <summary>Every use case of a single dataset: asks the permission, then the dataset's grain.</summary>
public sealed class DatasetDesk
{
    private readonly IGrainFactory grains;
    private readonly IPermissions permissions;
    private readonly ITenantDb<DatasetsDbContext> databases;
    private readonly VersionDocuments documents;
    private readonly ProjectDesk projects;
    private readonly UploadDesk uploads;
    private readonly BlobStore blobs;
    private readonly ChildProcess children;
    private readonly TimeProvider time;

    internal DatasetDesk(
        IGrainFactory grains, IPermissions permissions, ITenantDb<DatasetsDbContext> databases, VersionDocuments documents, ProjectDesk projects, UploadDesk uploads, BlobStore blobs,
        ChildProcess children, TimeProvider time)
    {
        (this.grains, this.permissions, this.databases, this.documents) = (grains, permissions, databases, documents);
        (this.projects, this.uploads, this.blobs, this.children, this.time) = (projects, uploads, blobs, children, time);
    }

    /// <summary>Looks into an uploaded file without keeping anything: what the portal takes it for.</summary>
    public async Task<Result<Detection>> DetectAsync(Caller caller, UploadId upload, ReadOptions? options, CancellationToken cancellationToken)
    {
        var file = await FileAsync(caller, upload, cancellationToken);
        if (!file.IsOk)
            return file.Refusal;
        if (Check(options) is { } refusal)
            return refusal;
        using var scratch = children.NewScratch();
        await Staging.StageAsync(blobs, caller.Tenant, file.Value.Stored, scratch.Input(FileReader.Source), cancellationToken);
        var spec = new ReadSpec(file.Value.Name, file.Value.Stored.Length, options ?? ReadOptions.Detect, []);
        return await children.RunAsync<Detection>(DatasetVerbs.Detect, spec, scratch, Staging.Limits with { WallTime = TimeSpan.FromMinutes(1) }, progress: null, cancellationToken);
    }

    public async Task<Result<Versioned<Dataset>>> CreateAsync(Caller caller, ProjectId project, NewDataset request, CancellationToken cancellationToken)
    {
        var command = new CreateDataset(Id.New<DatasetId>(time.GetUtcNow()), project, request.Name, request.Description ?? "");
        var allowed = await permissions.DemandAsync(caller, project.Scope, command.Permission, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        var there = await projects.GetAsync(caller, project, cancellationToken);
        if (!there.IsOk)
            return there.Refusal;
        if (request.Version is null)
            return await Grain(caller, command.Id).Apply(caller, command, expectedVersion: null, cancellationToken);

        // The file is looked at first, so that no dataset is left behind without its version.
        var add = await AddingAsync(caller, request.Version, cancellationToken);
        if (!add.IsOk)
            return add.Refusal;
        return await Grain(caller, command.Id).Apply(caller, new CreateWithVersion(command, add.Value), expectedVersion: null, cancellationToken);
    }

    public async Task<Result<Versioned<Dataset>>> AddVersionAsync(Caller caller, DatasetId id, NewVersion request, long? expectedVersion, CancellationToken cancellationToken)
    {
        var allowed = await DemandAsync(caller, id, DatasetsPermissions.Edit, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        var add = await AddingAsync(caller, request, cancellationToken);
        return add.IsOk ? await Grain(caller, id).Apply(caller, add.Value, expectedVersion, cancellationToken) : add.Refusal;
    }

    /// <summary>Carries out a command on an existing dataset.</summary>
    public async Task<Result<Versioned<Dataset>>> ApplyAsync(Caller caller, DatasetId id, DatasetCommand command, long? expectedVersion, CancellationToken cancellationToken)
    {
        var allowed = await DemandAsync(caller, id, command.Permission, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        var reference = command is DeclareRole declare ? await ReferenceAsync(caller, declare.Training, cancellationToken) : Done.Instance;
        return reference.IsOk ? await Grain(caller, id).Apply(caller, command, expectedVersion, cancellationToken) : reference.Refusal;
    }

    public async Task<Result<Versioned<Dataset>>> SplitAsync(Caller caller, DatasetId id, int number, SplitPlan plan, string? target, long? expectedVersion, CancellationToken cancellationToken)
    {
        var allowed = await DemandAsync(caller, id, DatasetsPermissions.Edit, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        var document = await documents.FindAsync(caller.Tenant, id, number, cancellationToken);
        if (document is null)
            return (await Grain(caller, id).Read(cancellationToken)).Then<Versioned<Dataset>>(found => found.State.Version(number) is null ? new NotFound() : DatasetsErrors.NotReady(number));
        if (plan.Check(document.Columns) is { } refusal)
            return refusal;
        if (target is not null && !document.Columns.Any(column => column.Name == target))
            return DatasetsErrors.NoSuchColumn(target);
        return await Grain(caller, id).Apply(caller, new SplitVersion(number, plan, target), expectedVersion, cancellationToken);
    }

    public async Task<Result<Versioned<Dataset>>> GetAsync(Caller caller, DatasetId id, CancellationToken cancellationToken)
    {
        var allowed = await DemandAsync(caller, id, DatasetsPermissions.View, cancellationToken);
        return allowed.IsOk ? await Grain(caller, id).Read(cancellationToken) : allowed.Refusal;
    }

    public async Task<Result<VersionDetail>> GetVersionAsync(Caller caller, DatasetId id, int number, CancellationToken cancellationToken)
    {
        var found = await GetAsync(caller, id, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var dataset = found.Value.State;
        if (dataset.Version(number) is not { } version)
            return new NotFound();
        var document = await documents.FindAsync(caller.Tenant, id, number, cancellationToken);
        return new VersionDetail(id, dataset.Name, dataset.Project, version, document?.Columns ?? [], document?.Profile, await QualityAsync(caller, id, number, cancellationToken));
    }

    /// <summary>The first hundred rows, for those who may see rows.</summary>
    public async Task<Result<RowsView>> RowsAsync(Caller caller, DatasetId id, int number, CancellationToken cancellationToken)
    {
        var allowed = await DemandAsync(caller, id, DatasetsPermissions.SeeRows, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        var document = await documents.FindAsync(caller.Tenant, id, number, cancellationToken);
        return document is null ? new NotFound() : new RowsView(document.Columns, document.Preview, document.Profile.Rows);
    }

    /// <summary>What the version's profile suggests as expectations; nothing is saved.</summary>
    public async Task<Result<ImmutableArray<Expectation>>> SuggestAsync(Caller caller, DatasetId id, int number, CancellationToken cancellationToken)
    {
        var allowed = await DemandAsync(caller, id, DatasetsPermissions.View, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        var document = await documents.FindAsync(caller.Tenant, id, number, cancellationToken);
        return document is null ? new NotFound() : Suggestions.From(document.Profile, () => Guid.CreateVersion7(time.GetUtcNow()));
    }

    /// <summary>The version's data as a stream; dispose it.</summary>
    public async Task<Result<VersionFile>> OpenAsync(Caller caller, DatasetId id, int number, FileFormat format, CancellationToken cancellationToken)
    {
        var allowed = await DemandAsync(caller, id, DatasetsPermissions.SeeRows, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        var found = await GetVersionAsync(caller, id, number, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        if (found.Value.Version is not { State: VersionState.Ready, Data: { } data })
            return DatasetsErrors.NotReady(number);
        var name = VersionFile.NameOf(found.Value.DatasetName, number, format);
        if (format == FileFormat.Parquet)
            return new VersionFile(await blobs.OpenReadAsync(caller.Tenant, data.Blob, cancellationToken), name, format, null) { Sha256 = data.Sha256 };

        var scratch = children.NewScratch();
        var made = false;
        try
        {
            await Staging.StageAsync(blobs, caller.Tenant, data, scratch.Input(FileReader.Data), cancellationToken);
            var written = await children.RunAsync<Done>(DatasetVerbs.Csv, new CsvSpec(found.Value.Columns), scratch, Staging.Limits, progress: null, cancellationToken);
            if (!written.IsOk)
                return written.Refusal;
            made = true;
            return new VersionFile(scratch.Made(CsvExport.File).OpenRead(), name, format, scratch);
        }
        finally
        {
            if (!made)
                scratch.Dispose();
        }
    }

    private async Task<Result<AddVersion>> AddingAsync(Caller caller, NewVersion request, CancellationToken cancellationToken)
    {
        if (Check(request.Options) is { } refusal)
            return refusal;
        var reference = await ReferenceAsync(caller, request.Training, cancellationToken);
        if (!reference.IsOk)
            return reference.Refusal;
        return (await FileAsync(caller, request.Upload, cancellationToken)).Map(file =>
            new AddVersion(file.Name, file.Stored, request.Options ?? ReadOptions.Detect, request.Role, string.IsNullOrWhiteSpace(request.Target) ? null : request.Target.Trim(), request.Training));
    }

    /// <summary>A training version that somebody names must be one that she may see.</summary>
    private async Task<Result<Done>> ReferenceAsync(Caller caller, VersionRef? training, CancellationToken cancellationToken)
    {
        if (training is null)
            return Done.Instance;
        var found = await GetAsync(caller, training.Dataset, cancellationToken);
        return found.IsOk && found.Value.State.Version(training.Number) is { Role: DatasetRole.Training, State: VersionState.Ready } ? Done.Instance : DatasetsErrors.NoTraining();
    }

    private static Validation? Check(ReadOptions? options) =>
        new Faults()
            .When(options?.Delimiter is { } delimiter && (delimiter.Length != 1 || delimiter[0] is '"' or '\n' or '\r' or '\0'), "options.delimiter", "datasets.delimiter")
            .When(options?.MissingTexts is { Length: > 20 } || options?.MissingTexts?.Any(text => text.Length > 50 || text.Contains('\0', StringComparison.Ordinal)) == true, "options.missingTexts", "datasets.missing_texts")
            .Refusal;

    private async Task<Result<(string Name, StoredFile Stored)>> FileAsync(Caller caller, UploadId upload, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        return (await uploads.TakeAsync(db, caller, upload, "dataset source", cancellationToken)).Map(taken => (taken.FileName, new StoredFile(taken.Blob.Id, taken.Blob.Length, taken.Blob.Sha256)));
    }

    private async Task<ImmutableArray<ExpectationResult>> QualityAsync(Caller caller, DatasetId id, int number, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var text = await db.Quality.Where(row => row.DatasetId == id.Value && row.Number == number).OrderByDescending(row => row.At).Select(row => row.Results).FirstOrDefaultAsync(cancellationToken);
        return text is null ? [] : JsonSerializer.Deserialize<ImmutableArray<ExpectationResult>>(text, PortalJson.Options);
    }

    /// <summary>A dataset is as visible as its project.</summary>
    private async Task<Result<Done>> DemandAsync(Caller caller, DatasetId id, Permission permission, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var project = await db.Datasets.Where(row => row.Id == id.Value).Select(row => (Guid?)row.ProjectId).SingleOrDefaultAsync(cancellationToken);
        return project is { } scope ? await permissions.DemandAsync(caller, new ScopeId(scope), permission, cancellationToken) : new NotFound();
    }

    private IDatasetGrain Grain(Caller caller, DatasetId id) => grains.GetGrain<IDatasetGrain>(caller, id.Value);
}

/// <summary>A version's data on its way out.</summary>
/// <param name="Name">For the receiver's disk: letters, digits, dash, dot.</param>
public sealed record VersionFile(Stream Content, string Name, FileFormat Format, IDisposable? Behind) : IAsyncDisposable
{
    /// <summary>Of the Parquet file; null for what is made on the way.</summary>
    public string? Sha256 { get; init; }

    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync();
        Behind?.Dispose();
    }

    internal static string NameOf(string dataset, int number, FileFormat format)
    {
        var plain = new string([.. dataset.Select(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' ? character : '-').Take(60)]);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{plain}-v{number}.{(format == FileFormat.Csv ? "csv" : "parquet")}");
    }
}
