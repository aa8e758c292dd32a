using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Models.Data;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Archive;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Models.Everyone;

internal sealed class ModelArchive(ITenantDb<ModelsDbContext> databases, ModelDesk desk, IPermissions permissions) : IArchiveSource
{
    public string Kind => "model";

    public async Task<IReadOnlyList<ArchivedThing>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        ImmutableArray<ProjectId> projects = [.. visible.Scopes.Select(scope => new ProjectId(scope))];
        await using var db = databases.Open(caller.Tenant);
        var rows = await db.Models.AsNoTracking().Where(row => row.ArchivedAt != null && (visible.All || projects.Contains(row.ProjectId)))
            .OrderByDescending(row => row.ArchivedAt).Take(ArchiveDesk.MostOfOneSource).Select(row => new { row.Id, row.Name, row.ProjectId, row.ArchivedAt }).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new ArchivedThing(Kind, Id.Text(row.Id), row.Name, row.ProjectId.Scope, row.ArchivedAt!.Value)); // asked for in the query
    }

    public async Task<Result<Done>> ArchiveAsync(Caller caller, string id, string reason, CancellationToken cancellationToken) =>
        (await desk.ApplyAsync(caller, Key(id), new ArchiveModel(reason), expectedVersion: null, cancellationToken)).Map(_ => Done.Instance);

    public async Task<Result<Done>> RestoreAsync(Caller caller, string id, CancellationToken cancellationToken) =>
        (await desk.ApplyAsync(caller, Key(id), new RestoreModel(), expectedVersion: null, cancellationToken)).Map(_ => Done.Instance);

    private static ModelId Key(string id) => ModelId.TryParse(id, null, out var key) ? key : default;
}
