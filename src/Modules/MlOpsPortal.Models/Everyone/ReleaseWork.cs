using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Data;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Platform.Work;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Models.Everyone;

/// <summary>Release requests that the caller may decide, and her own that wait for somebody else.</summary>
internal sealed class ReleaseWork(ITenantDb<ModelsDbContext> databases, AggregateDefinition<ReleaseRow, ReleaseRequest> definition, IPermissions permissions) : IWorkSource
{
    public async Task<IReadOnlyList<WorkItem>> WaitingAsync(Caller caller, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        ImmutableArray<ProjectId> projects = [.. visible.Scopes.Select(scope => new ProjectId(scope))];
        await using var db = databases.Open(caller.Tenant);
        var documents = await db.Releases.AsNoTracking().Where(row => row.State == ReleaseState.Requested && (visible.All || projects.Contains(row.ProjectId)))
            .OrderByDescending(row => row.Id).Take(WorkDesk.MostOfOneSource).Select(row => row.Document).ToListAsync(cancellationToken);
        var items = new List<WorkItem>();
        foreach (var request in documents.Select(definition.Read))
        {
            var roles = await permissions.RolesAsync(caller, request.Project.Scope, cancellationToken);
            if (Item(request, caller, ModelsPermissions.DecideRelease.Roles.Any(roles.Contains)) is { } item)
                items.Add(item);
        }

        return items;
    }

    internal static WorkItem? Item(ReleaseRequest request, Caller caller, bool mayDecide)
    {
        var what = string.Create(CultureInfo.InvariantCulture, $"{request.ModelName} v{request.Number}");
        var href = $"/projects/{request.Project}/releases/{request.Id}";
        if (request.RequestedBy.Id == caller.User)
            return new WorkItem(WorkKind.Approval, $"{what} waits for somebody to decide", "You asked for it; another person decides", request.Project.Scope, href, request.RequestedAt) { Urgency = WorkUrgency.Low };
        return mayDecide
            ? new WorkItem(WorkKind.Approval, $"Decide about {what} for {request.Environment.ToString().ToLowerInvariant()}", $"{request.RequestedBy.Name} asks", request.Project.Scope, href, request.RequestedAt)
            : null;
    }
}
