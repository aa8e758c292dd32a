using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects.Data;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Projects.Portfolio;

/// <summary>A project in a list.</summary>
public sealed record ProjectSummary(ProjectId Id, string Name, string Summary, Stage Stage, bool Archived, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>The projects that the caller may know of, by name.</summary>
public sealed class ProjectPortfolio
{
    private readonly ITenantDb<ProjectsDbContext> databases;
    private readonly IPermissions permissions;

    internal ProjectPortfolio(ITenantDb<ProjectsDbContext> databases, IPermissions permissions) => (this.databases, this.permissions) = (databases, permissions);

    public async Task<Page<ProjectSummary>> ListAsync(Caller caller, PageRequest page, bool archived, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        await using var db = databases.Open(caller.Tenant);
        var rows = db.Projects.AsNoTracking().Where(row => archived || row.ArchivedAt == null);
        if (!visible.All)
            rows = rows.Where(row => visible.Scopes.Contains(row.Id));
        if (Cursors.Read(page.Cursor)?.Split('\n') is [var name, var idText] && Guid.TryParseExact(idText, "n", out var id))
            rows = rows.Where(row => EF.Functions.GreaterThan(ValueTuple.Create(row.NameKey, row.Id), ValueTuple.Create(name, id)));
        var found = await rows.OrderBy(row => row.NameKey).ThenBy(row => row.Id).Take(page.Limit + 1)
            .Select(row => new { row.NameKey, Item = new ProjectSummary(new ProjectId(row.Id), row.Name, row.Summary, row.Stage, row.ArchivedAt != null, row.CreatedAt, row.UpdatedAt) })
            .ToListAsync(cancellationToken);
        var cut = page.Cut(found, row => string.Create(CultureInfo.InvariantCulture, $"{row.NameKey}\n{row.Item.Id}"));
        return new([.. cut.Items.Select(row => row.Item)], cut.NextCursor);
    }

    /// <summary>The project that a text means to the caller: its id or its name.</summary>
    /// <returns>Null when she knows of none.</returns>
    public async Task<ProjectId?> FindAsync(Caller caller, string idOrName, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        _ = ProjectId.TryParse(idOrName, CultureInfo.InvariantCulture, out var id);
        var key = ProjectText.Key(idOrName);
        await using var db = databases.Open(caller.Tenant);
        var found = await db.Projects.AsNoTracking().Where(row => row.Id == id.Value || (row.NameKey == key && row.ArchivedAt == null)).Select(row => row.Id).ToListAsync(cancellationToken);
        return found.Where(each => visible.Contains(new ProjectId(each).Scope)).OrderByDescending(each => each == id.Value).Select(each => (ProjectId?)new ProjectId(each)).FirstOrDefault();
    }
}

/// <summary>Projects are the scopes that people are members of.</summary>
internal sealed class ProjectScopes(ITenantDb<ProjectsDbContext> databases) : IScopeDirectory
{
    public async Task<bool> ExistsAsync(TenantId tenant, ScopeId scope, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(tenant);
        return await db.Projects.AnyAsync(row => row.Id == scope.Value, cancellationToken);
    }

    public async Task<IReadOnlyDictionary<ScopeId, string>> NamesAsync(TenantId tenant, IReadOnlyCollection<ScopeId> scopes, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. scopes.Select(scope => scope.Value)];
        await using var db = databases.Open(tenant);
        return await db.Projects.AsNoTracking().Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => new ScopeId(row.Id), row => row.Name, cancellationToken);
    }
}
