using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Search;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Tracking.Data;

namespace MlOpsPortal.Tracking.Everyone;

/// <summary>Experiments by name and description.</summary>
internal sealed class ExperimentSearch(ITenantDb<TrackingDbContext> databases) : ISearchSource
{
    private const string Note = "mlflow.note.content";

    public async Task<IReadOnlyList<SearchHit>> FindAsync(Caller caller, SearchQuery query, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var rows = db.Experiments.AsNoTracking().Where(row => row.DeletedAt == null);
        ImmutableArray<ProjectId> projects = [.. query.Visible.Scopes.Select(scope => new ProjectId(scope))];
        if (!query.Visible.All)
            rows = rows.Where(row => projects.Contains(row.ProjectId));
        foreach (var pattern in query.Patterns)
            rows = rows.Where(row => EF.Functions.ILike(EF.Functions.Collate(row.Name, "default"), pattern, SearchQuery.Escape)
                || db.ExperimentTags.Any(tag => tag.ExperimentId == row.Id && tag.Key == Note && EF.Functions.ILike(tag.Value, pattern, SearchQuery.Escape)));
        var found = await rows.OrderByDescending(row => row.CreatedAt).ThenBy(row => row.Id).Take(query.Limit)
            .Select(row => new { row.Id, row.ProjectId, row.Name, Note = db.ExperimentTags.Where(tag => tag.ExperimentId == row.Id && tag.Key == Note).Select(tag => tag.Value).FirstOrDefault() }).ToListAsync(cancellationToken);
        return found.ConvertAll(row => new SearchHit("experiment", row.Name, row.Note, row.ProjectId.Scope, $"/projects/{row.ProjectId}/experiments/{row.Id}"));
    }
}
