using System.Collections.Concurrent;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Data;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Models.Tests;

/// <summary>Dataset versions out of sample files: their rows are in the blob store as anywhere else.</summary>
internal sealed class TestDatasets(BlobStore blobs, ITenantDb<ModelsDbContext> databases, IPermissions permissions) : IDatasetSource
{
    private readonly ConcurrentDictionary<(TenantId, VersionRef), DatasetFacts> known = new();

    public async Task<VersionRef> AddAsync(Caller caller, ProjectId project, Sample sample, DatasetRole role)
    {
        var id = new VersionRef(new DatasetId(Guid.CreateVersion7()), 1);
        var blob = await blobs.WriteFileAsync(caller.Tenant, role == DatasetRole.Training ? sample.Train : sample.Test, "dataset", TestContext.Current.CancellationToken);
        await using var db = databases.Open(caller.Tenant);
        db.Blobs.Add(blob);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        known[(caller.Tenant, id)] = new DatasetFacts(id, project, $"{sample.Folder} {role} v1", role, 1000, blob, sample.Columns(), null);
        return id;
    }

    public async Task<Result<DatasetFacts>> GetAsync(Caller caller, VersionRef version, CancellationToken cancellationToken)
    {
        if (!known.TryGetValue((caller.Tenant, version), out var facts))
            return ModelsErrors.NoDataset();
        var allowed = await permissions.DemandAsync(caller, facts.Project.Scope, ModelsPermissions.View, cancellationToken);
        return allowed.IsOk ? facts : ModelsErrors.NoDataset();
    }
}
