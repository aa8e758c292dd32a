using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Platform.Work;
using MlOpsPortal.Projects;
using MlOpsPortal.Registry.Data;
using MlOpsPortal.Registry.Governance;

namespace MlOpsPortal.Registry.Everyone;

/// <summary>Moves that the caller may decide about, and her own that wait for somebody else.</summary>
internal sealed class MoveWork(ITenantDb<RegistryDbContext> databases, IPermissions permissions) : IWorkSource
{
    public async Task<IReadOnlyList<WorkItem>> WaitingAsync(Caller caller, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        ImmutableArray<ProjectId> projects = [.. visible.Scopes.Select(scope => new ProjectId(scope))];
        await using var db = databases.Open(caller.Tenant);
        var rows = await db.Requests.AsNoTracking().Where(request => request.State == MoveState.Requested)
            .Join(db.Models.Where(model => model.DeletedAt == null && (visible.All || projects.Contains(model.ProjectId))), request => request.ModelId, model => model.Id, (request, model) => new { request, model })
            .OrderByDescending(row => row.request.AskedAt).Take(WorkDesk.MostOfOneSource).ToListAsync(cancellationToken);
        var items = new List<WorkItem>();
        foreach (var row in rows)
        {
            var roles = await permissions.RolesAsync(caller, row.model.ProjectId.Scope, cancellationToken);
            if (Item(row.request, row.model, caller, RegistryPermissions.Decide.Roles.Any(roles.Contains)) is { } item)
                items.Add(item);
        }

        return items;
    }

    private static WorkItem? Item(MoveRequestRow request, RegisteredModelRow model, Caller caller, bool mayDecide)
    {
        var what = MoveDesk.MoveOf(request).Title(model.Name);
        var href = $"/registry/requests/{request.Id}";
        if (request.AskedById == caller.User)
            return new WorkItem(WorkKind.Approval, $"{what} waits for somebody to decide", "You asked for it; another person decides", model.ProjectId.Scope, href, request.AskedAt) { Urgency = WorkUrgency.Low };
        return mayDecide ? new WorkItem(WorkKind.Approval, $"Decide about {what}", $"{request.AskedBy} asks", model.ProjectId.Scope, href, request.AskedAt) : null;
    }
}
