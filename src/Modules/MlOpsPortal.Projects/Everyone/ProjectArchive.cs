using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Archive;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects.Data;
using MlOpsPortal.Projects.Portfolio;

namespace MlOpsPortal.Projects.Everyone;

internal sealed class ProjectArchive(ITenantDb<ProjectsDbContext> databases, ProjectDesk desk, IPermissions permissions) : IArchiveSource
{
    public string Kind => "project";

    public async Task<IReadOnlyList<ArchivedThing>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        await using var db = databases.Open(caller.Tenant);
        var rows = await db.Projects.AsNoTracking().Where(row => row.ArchivedAt != null && (visible.All || visible.Scopes.Contains(row.Id)))
            .OrderByDescending(row => row.ArchivedAt).Take(ArchiveDesk.MostOfOneSource).Select(row => new { row.Id, row.Name, row.ArchivedAt }).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new ArchivedThing(Kind, Id.Text(row.Id), row.Name, new ScopeId(row.Id), row.ArchivedAt!.Value)); // asked for in the query
    }

    public async Task<Result<Done>> ArchiveAsync(Caller caller, string id, string reason, CancellationToken cancellationToken) =>
        (await desk.ApplyAsync(caller, Key(id), new ArchiveProject(reason), expectedVersion: null, cancellationToken)).Map(_ => Done.Instance);

    public async Task<Result<Done>> RestoreAsync(Caller caller, string id, CancellationToken cancellationToken) =>
        (await desk.ApplyAsync(caller, Key(id), new RestoreProject(), expectedVersion: null, cancellationToken)).Map(_ => Done.Instance);

    private static ProjectId Key(string id) => ProjectId.TryParse(id, null, out var key) ? key : default;
}
