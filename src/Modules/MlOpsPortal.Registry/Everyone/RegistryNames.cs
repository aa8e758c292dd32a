using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Search;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Registry.Data;

namespace MlOpsPortal.Registry.Everyone;

/// <summary>Registered models by name and description.</summary>
internal sealed class RegistryNames(ITenantDb<RegistryDbContext> databases) : ISearchSource
{
    public async Task<IReadOnlyList<SearchHit>> FindAsync(Caller caller, SearchQuery query, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var rows = db.Models.AsNoTracking().Where(row => row.DeletedAt == null);
        ImmutableArray<ProjectId> projects = [.. query.Visible.Scopes.Select(scope => new ProjectId(scope))];
        if (!query.Visible.All)
            rows = rows.Where(row => projects.Contains(row.ProjectId));
        foreach (var pattern in query.Patterns)
            rows = rows.Where(row => EF.Functions.ILike(row.Name, pattern, SearchQuery.Escape) || (row.Description != null && EF.Functions.ILike(row.Description, pattern, SearchQuery.Escape)));
        var found = await rows.OrderBy(row => row.Name).Take(query.Limit).Select(row => new { row.Name, row.Description, row.ProjectId }).ToListAsync(cancellationToken);
        return found.ConvertAll(row => new SearchHit("registeredModel", row.Name, row.Description ?? "", row.ProjectId.Scope, $"/registry/models/{Uri.EscapeDataString(row.Name)}"));
    }
}
