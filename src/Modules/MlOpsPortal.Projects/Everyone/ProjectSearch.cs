using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Search;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects.Data;

namespace MlOpsPortal.Projects.Everyone;

/// <summary>Projects by name and summary; objectives and KPIs by what their forms say.</summary>
internal sealed class ProjectSearch(ITenantDb<ProjectsDbContext> databases) : ISearchSource
{
    public async Task<IReadOnlyList<SearchHit>> FindAsync(Caller caller, SearchQuery query, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var rows = db.Projects.AsNoTracking().Where(row => row.ArchivedAt == null);
        if (!query.Visible.All)
            rows = rows.Where(row => query.Visible.Scopes.Contains(row.Id));
        foreach (var pattern in query.Patterns)
            rows = rows.Where(row => EF.Functions.ILike(row.Name, pattern, SearchQuery.Escape) || EF.Functions.ILike(row.Summary, pattern, SearchQuery.Escape));
        var projects = await rows.OrderBy(row => row.NameKey).Take(query.Limit).Select(row => new { row.Id, row.Name, row.Summary }).ToListAsync(cancellationToken);
        var inside = await InsideAsync(db, query, cancellationToken);
        return
        [
            .. projects.Select(row => new SearchHit("project", row.Name, row.Summary, new ScopeId(row.Id), $"/projects/{new ProjectId(row.Id)}")),
            .. inside.Select(part => new SearchHit(part.Kind, part.Name, part.Text, new ScopeId(part.Project), part.Href)),
        ];
    }

    // What a project consists of stands in its document; this is a search over text, and no rule rests on its shape.
    private static Task<List<Part>> InsideAsync(ProjectsDbContext db, SearchQuery query, CancellationToken cancellationToken)
    {
        Guid[] scopes = [.. query.Visible.Scopes];
        string[] patterns = [.. query.Patterns];
        return db.Database.SqlQuery<Part>(
            $"""
            SELECT part.kind AS "Kind", project.id AS "Project", part.id AS "Id", part.name AS "Name", part.text AS "Text"
            FROM projects.projects project CROSS JOIN LATERAL (
                SELECT 'kpi' AS kind, kpi->>'id' AS id, kpi->>'name' AS name, coalesce(nullif(kpi->>'question', ''), kpi->>'formula') AS text FROM jsonb_array_elements(project.document->'kpis') kpi
                UNION ALL
                SELECT 'objective', objective->>'id', objective->>'title', objective->>'description' FROM jsonb_array_elements(project.document->'objectives') objective) part
            WHERE project.tenant_id = {db.Tenant.Value} AND project.archived_at IS NULL AND ({query.Visible.All} OR project.id = ANY ({scopes}))
                AND NOT EXISTS (SELECT 1 FROM unnest({patterns}) word WHERE NOT concat_ws(' ', part.name, part.text) ILIKE word)
            ORDER BY part.name LIMIT {query.Limit}
            """).ToListAsync(cancellationToken);
    }

    private sealed record Part(string Kind, Guid Project, string Id, string Name, string? Text)
    {
        /// <summary>A KPI has a page of its own; an objective stands with the others.</summary>
        public string Href => Kind == "kpi" ? $"/projects/{new ProjectId(Project)}/kpis/{Id}" : $"/projects/{new ProjectId(Project)}/objectives";
    }
}
