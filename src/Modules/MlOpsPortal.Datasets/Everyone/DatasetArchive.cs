using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Datasets.Catalog;
using MlOpsPortal.Datasets.Data;
using MlOpsPortal.Platform.Archive;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Datasets.Everyone;

internal sealed class DatasetArchive(ITenantDb<DatasetsDbContext> databases, DatasetDesk desk, IPermissions permissions) : IArchiveSource
{
    public string Kind => "dataset";

    public async Task<IReadOnlyList<ArchivedThing>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        await using var db = databases.Open(caller.Tenant);
        var rows = await db.Datasets.AsNoTracking().Where(row => row.ArchivedAt != null && (visible.All || visible.Scopes.Contains(row.ProjectId)))
            .OrderByDescending(row => row.ArchivedAt).Take(ArchiveDesk.MostOfOneSource).Select(row => new { row.Id, row.Name, row.ProjectId, row.ArchivedAt }).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new ArchivedThing(Kind, Id.Text(row.Id), row.Name, new ScopeId(row.ProjectId), row.ArchivedAt!.Value)); // asked for in the query
    }

    public async Task<Result<Done>> ArchiveAsync(Caller caller, string id, string reason, CancellationToken cancellationToken) =>
        (await desk.ApplyAsync(caller, Key(id), new ArchiveDataset(reason), expectedVersion: null, cancellationToken)).Map(_ => Done.Instance);

    public async Task<Result<Done>> RestoreAsync(Caller caller, string id, CancellationToken cancellationToken) =>
        (await desk.ApplyAsync(caller, Key(id), new RestoreDataset(), expectedVersion: null, cancellationToken)).Map(_ => Done.Instance);

    private static DatasetId Key(string id) => DatasetId.TryParse(id, null, out var key) ? key : default;
}
