using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Datasets.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Search;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Datasets.Everyone;

/// <summary>Datasets by name and description.</summary>
internal sealed class DatasetSearch(ITenantDb<DatasetsDbContext> databases) : ISearchSource
{
    public async Task<IReadOnlyList<SearchHit>> FindAsync(Caller caller, SearchQuery query, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var rows = db.Datasets.AsNoTracking().Where(row => row.ArchivedAt == null);
        if (!query.Visible.All)
            rows = rows.Where(row => query.Visible.Scopes.Contains(row.ProjectId));
        foreach (var pattern in query.Patterns)
            rows = rows.Where(row => EF.Functions.ILike(row.Name, pattern, SearchQuery.Escape) || EF.Functions.ILike(row.Description, pattern, SearchQuery.Escape));
        var found = await rows.OrderBy(row => row.NameKey).Take(query.Limit).Select(row => new { row.Id, row.ProjectId, row.Name, row.Description }).ToListAsync(cancellationToken);
        return found.ConvertAll(row =>
            new SearchHit("dataset", row.Name, row.Description, new ScopeId(row.ProjectId), $"/projects/{new ProjectId(row.ProjectId)}/datasets/{new DatasetId(row.Id)}"));
    }
}
