using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Models.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Search;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Models.Everyone;

/// <summary>Models by name and description.</summary>
internal sealed class ModelSearch(ITenantDb<ModelsDbContext> databases) : ISearchSource
{
    public async Task<IReadOnlyList<SearchHit>> FindAsync(Caller caller, SearchQuery query, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var rows = db.Models.AsNoTracking().Where(row => row.ArchivedAt == null);
        ImmutableArray<ProjectId> projects = [.. query.Visible.Scopes.Select(scope => new ProjectId(scope))];
        if (!query.Visible.All)
            rows = rows.Where(row => projects.Contains(row.ProjectId));
        foreach (var pattern in query.Patterns)
            rows = rows.Where(row => EF.Functions.ILike(row.Name, pattern, SearchQuery.Escape) || EF.Functions.ILike(row.Description, pattern, SearchQuery.Escape));
        var found = await rows.OrderBy(row => row.NameKey).Take(query.Limit).Select(row => new { row.Id, row.ProjectId, row.Name, row.Description }).ToListAsync(cancellationToken);
        return found.ConvertAll(row => new SearchHit("model", row.Name, row.Description, row.ProjectId.Scope, $"/projects/{row.ProjectId}/models/{new ModelId(row.Id)}"));
    }
}
