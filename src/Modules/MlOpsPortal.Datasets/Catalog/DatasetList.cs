using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Datasets.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Datasets.Catalog;

/// <summary>A dataset in a list.</summary>
/// <param name="Rows">Of the latest version that is ready.</param>
public sealed record DatasetSummary(
    DatasetId Id, string Name, string Description, string Owner, int Versions, VersionState? LatestState, long? Rows, int? Columns, ImmutableArray<DatasetRole> Roles, bool Archived, DateTimeOffset UpdatedAt);

/// <summary>A project's datasets, by name.</summary>
public sealed class DatasetList
{
    private readonly ITenantDb<DatasetsDbContext> databases;
    private readonly IPermissions permissions;

    internal DatasetList(ITenantDb<DatasetsDbContext> databases, IPermissions permissions) => (this.databases, this.permissions) = (databases, permissions);

    public async Task<Result<Page<DatasetSummary>>> ListAsync(Caller caller, ProjectId project, PageRequest page, bool archived, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, project.Scope, DatasetsPermissions.View, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        await using var db = databases.Open(caller.Tenant);
        var rows = db.Datasets.AsNoTracking().Where(row => row.ProjectId == project.Value && (archived || row.ArchivedAt == null));
        if (Cursors.Read(page.Cursor)?.Split('\n') is [var name, var idText] && Guid.TryParseExact(idText, "n", out var id))
            rows = rows.Where(row => EF.Functions.GreaterThan(ValueTuple.Create(row.NameKey, row.Id), ValueTuple.Create(name, id)));
        var found = await rows.OrderBy(row => row.NameKey).ThenBy(row => row.Id).Take(page.Limit + 1)
            .Select(row => new { row.NameKey, row.Id, row.Name, row.Description, row.OwnerName, row.VersionCount, row.LatestState, row.Rows, row.Columns, row.Roles, Archived = row.ArchivedAt != null, row.UpdatedAt })
            .ToListAsync(cancellationToken);
        var cut = page.Cut(found, row => $"{row.NameKey}\n{new DatasetId(row.Id)}");
        return new Page<DatasetSummary>(
            [
                .. cut.Items.Select(row => new DatasetSummary(
                    new DatasetId(row.Id), row.Name, row.Description, row.OwnerName, row.VersionCount, row.LatestState, row.Rows, row.Columns,
                    [.. row.Roles.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<DatasetRole>)], row.Archived, row.UpdatedAt)),
            ],
            cut.NextCursor);
    }
}
