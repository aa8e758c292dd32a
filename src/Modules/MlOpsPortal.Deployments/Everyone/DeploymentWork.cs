using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Deployments.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Platform.Work;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Deployments.Everyone;

/// <summary>Endpoints that are switched off wait for whoever can switch them on.</summary>
internal sealed class DeploymentWork(ITenantDb<DeploymentsDbContext> databases, IPermissions permissions) : IWorkSource
{
    public async Task<IReadOnlyList<WorkItem>> WaitingAsync(Caller caller, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        ImmutableArray<ProjectId> projects = [.. visible.Scopes.Select(scope => new ProjectId(scope))];
        await using var db = databases.Open(caller.Tenant);
        var off = await db.Deployments.AsNoTracking().Where(row => row.IsOff && row.ArchivedAt == null && (visible.All || projects.Contains(row.ProjectId)))
            .OrderByDescending(row => row.UpdatedAt).Take(WorkDesk.MostOfOneSource).Select(row => new { row.Name, row.ProjectId, row.UpdatedAt }).ToListAsync(cancellationToken);
        var items = new List<WorkItem>();
        foreach (var row in off)
            if ((await permissions.RolesAsync(caller, row.ProjectId.Scope, cancellationToken)).Overlaps(DeploymentsPermissions.Operate.Roles))
                items.Add(new WorkItem(WorkKind.Task, $"{row.Name} is switched off", "Callers get the fallback or a 503", row.ProjectId.Scope, $"/projects/{row.ProjectId}/endpoints/{row.Name}", row.UpdatedAt)
                {
                    Urgency = WorkUrgency.High,
                });
        return items;
    }
}
