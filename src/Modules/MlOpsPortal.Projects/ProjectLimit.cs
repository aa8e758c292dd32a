using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects.Data;

namespace MlOpsPortal.Projects;

/// <summary>Is there room for another project? Archived ones take none.</summary>
public sealed class ProjectLimit
{
    private readonly ITenantDb<ProjectsDbContext> databases;
    private readonly ITenantLimits limits;

    internal ProjectLimit(ITenantDb<ProjectsDbContext> databases, ITenantLimits limits) => (this.databases, this.limits) = (databases, limits);

    /// <returns>Null when there is.</returns>
    internal async Task<Conflict?> FindAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if ((await limits.OfAsync(tenant, cancellationToken)).Projects is not { } most)
            return null;
        await using var db = databases.Open(tenant);
        return await db.Projects.CountAsync(row => row.ArchivedAt == null, cancellationToken) < most ? null : new Conflict("limits.projects", most.ToString(CultureInfo.CurrentCulture));
    }
}
