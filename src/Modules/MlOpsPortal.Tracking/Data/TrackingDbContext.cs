using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Tracking.Data;

internal sealed class TrackingDbContext(DbContextOptions<TrackingDbContext> options, TenantId tenant) : TenantDbContext(options, tenant)
{
    public const string SchemaName = "tracking";

    protected override string Schema => SchemaName;

    protected override void OnModuleCreating(ModelBuilder modelBuilder)
    {
    }
}
