using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Audit.Data;

/// <summary>The trail is the platform's own table; what this module adds stands in schema <c>audit</c>.</summary>
internal sealed class AuditDbContext(DbContextOptions<AuditDbContext> options, TenantId tenant) : TenantDbContext(options, tenant)
{
    protected override string Schema => "audit";

    protected override void OnModuleCreating(ModelBuilder modelBuilder)
    {
    }
}
