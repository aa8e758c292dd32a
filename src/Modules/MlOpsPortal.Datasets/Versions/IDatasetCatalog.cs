using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Datasets.Data;
using MlOpsPortal.Datasets.Jobs;
using MlOpsPortal.Datasets.Profiling;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Datasets;

/// <summary>What other modules ask of datasets. Every question is asked as somebody: what she may not see is NotFound.</summary>
public interface IDatasetCatalog
{
    /// <summary>A ready version with schema and profile.</summary>
    /// <returns>Conflict while it is being read or when it failed.</returns>
    Task<Result<VersionFacts>> FindAsync(Caller caller, VersionRef version, CancellationToken cancellationToken);

    /// <summary>The ready versions of a project's unarchived datasets, newest first, without profile.</summary>
    Task<Result<ImmutableArray<VersionChoice>>> ListAsync(Caller caller, ProjectId project, CancellationToken cancellationToken);

    /// <summary>Puts a version's Parquet file into a child's scratch folder, checked against its hash and read-only.</summary>
    /// <param name="name">The file's name in <c>in/</c>.</param>
    Task<Result<VersionFacts>> StageAsync(Caller caller, VersionRef version, ScratchFolder scratch, string name, CancellationToken cancellationToken);
}

/// <summary>Everything known about a ready version.</summary>
/// <param name="Data">The Parquet file; its columns have the names and types of <paramref name="Columns"/> (BIGINT, DOUBLE, BOOLEAN, VARCHAR, DATE, TIMESTAMP).</param>
/// <param name="Training">For a test version: the version it belongs to.</param>
public sealed record VersionFacts(
    VersionRef Version, ProjectId Project, string DatasetName, DatasetRole Role, string? Target, VersionRef? Training, long Rows, StoredFile Data,
    ImmutableArray<ColumnSchema> Columns, DatasetProfile Profile, LeakReport? Leak)
{
    /// <summary>The file or the version that it was made of.</summary>
    public VersionOrigin? Origin { get; init; }
}

/// <summary>A version to choose.</summary>
public sealed record VersionChoice(VersionRef Version, string DatasetName, DatasetRole Role, string? Target, long Rows, int Columns, DateTimeOffset CreatedAt);

/// <summary>The part of a version that is too large for the dataset's document.</summary>
/// <param name="Preview">The first rows as text.</param>
internal sealed record VersionDocument(ImmutableArray<ColumnSchema> Columns, DatasetProfile Profile, ImmutableArray<ImmutableArray<string?>> Preview);

internal sealed class VersionDocuments(ITenantDb<DatasetsDbContext> databases)
{
    public async Task<VersionDocument?> FindAsync(TenantId tenant, DatasetId dataset, int number, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(tenant);
        var text = await db.Documents.Where(row => row.DatasetId == dataset.Value && row.Number == number).Select(row => row.Document).SingleOrDefaultAsync(cancellationToken);
        return text is null ? null : JsonSerializer.Deserialize<VersionDocument>(text, PortalJson.Options);
    }
}

internal sealed class DatasetCatalog(IGrainFactory grains, IPermissions permissions, ITenantDb<DatasetsDbContext> databases, VersionDocuments documents, AggregateDefinition<DatasetRow, Dataset> definition, BlobStore blobs)
    : IDatasetCatalog
{
    public async Task<Result<VersionFacts>> FindAsync(Caller caller, VersionRef version, CancellationToken cancellationToken)
    {
        var found = await grains.GetGrain<IDatasetGrain>(caller, version.Dataset.Value).Read(cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var dataset = found.Value.State;
        var allowed = await permissions.DemandAsync(caller, dataset.Project.Scope, DatasetsPermissions.View, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        if (dataset.Version(version.Number) is not { } there)
            return new NotFound();
        if (there is not { State: VersionState.Ready, Data: { } data })
            return DatasetsErrors.NotReady(version.Number);
        var document = await documents.FindAsync(caller.Tenant, version.Dataset, version.Number, cancellationToken)
            ?? throw new InvalidDataException($"Version {version.Number} of dataset {version.Dataset} is ready but has no document.");
        return new VersionFacts(version, dataset.Project, dataset.Name, there.Role, there.Target, there.Training, there.Rows, data, document.Columns, document.Profile, there.Leak) { Origin = there.Origin };
    }

    public async Task<Result<ImmutableArray<VersionChoice>>> ListAsync(Caller caller, ProjectId project, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, project.Scope, DatasetsPermissions.View, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        return (ImmutableArray<VersionChoice>)
        [
            .. (await AllAsync(caller.Tenant, project, cancellationToken)).SelectMany(dataset => dataset.Versions
                .Where(version => version.State == VersionState.Ready)
                .Select(version => new VersionChoice(new VersionRef(dataset.Id, version.Number), dataset.Name, version.Role, version.Target, version.Rows, version.Columns, version.CreatedAt)))
                .OrderByDescending(choice => choice.CreatedAt).ThenByDescending(choice => choice.Version.Number),
        ];
    }

    public async Task<Result<VersionFacts>> StageAsync(Caller caller, VersionRef version, ScratchFolder scratch, string name, CancellationToken cancellationToken)
    {
        var facts = await FindAsync(caller, version, cancellationToken);
        if (facts.IsOk)
            await Staging.StageAsync(blobs, caller.Tenant, facts.Value.Data, scratch.Input(name), cancellationToken);
        return facts;
    }

    /// <summary>A project's unarchived datasets. Their number is what people name by hand, so all at once.</summary>
    internal async Task<ImmutableArray<Dataset>> AllAsync(TenantId tenant, ProjectId project, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(tenant);
        var rows = await db.Datasets.AsNoTracking().Where(row => row.ProjectId == project.Value && row.ArchivedAt == null).OrderBy(row => row.NameKey).Select(row => row.Document).ToListAsync(cancellationToken);
        return [.. rows.Select(definition.Read)];
    }
}
