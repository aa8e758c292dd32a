using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Deployments.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Search;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Deployments.Everyone;

/// <summary>Endpoints by name.</summary>
internal sealed class DeploymentSearch(ITenantDb<DeploymentsDbContext> databases) : ISearchSource
{
    public async Task<IReadOnlyList<SearchHit>> FindAsync(Caller caller, SearchQuery query, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var rows = db.Deployments.AsNoTracking().Where(row => row.ArchivedAt == null);
        ImmutableArray<ProjectId> projects = [.. query.Visible.Scopes.Select(scope => new ProjectId(scope))];
        if (!query.Visible.All)
            rows = rows.Where(row => projects.Contains(row.ProjectId));
        foreach (var pattern in query.Patterns)
            rows = rows.Where(row => EF.Functions.ILike(row.Name, pattern, SearchQuery.Escape));
        var found = await rows.OrderBy(row => row.Name).Take(query.Limit).Select(row => new { row.ProjectId, row.Name, row.Environment }).ToListAsync(cancellationToken);
        return found.ConvertAll(row => new SearchHit("endpoint", row.Name, row.Environment.ToString().ToLowerInvariant(), row.ProjectId.Scope, $"/projects/{row.ProjectId}/endpoints/{row.Name}"));
    }
}
