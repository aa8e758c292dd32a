using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Audit.Data;
using MlOpsPortal.Audit.Trail;
using MlOpsPortal.Platform;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Audit;

/// <summary>What happened, for those who answer for it.</summary>
public static class AuditModule
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddSingleton(new PermissionList("audit", AuditPermissions.All));
        services.AddSingleton(RefusalTextSource.Of(typeof(AuditModule)));
        services.AddTenantDb<AuditDbContext>();
        services.AddSingleton(provider => new TrailDesk(
            provider.GetRequiredService<ITenantDb<AuditDbContext>>(), provider.GetRequiredService<IPermissions>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    public static IEndpointRouteBuilder MapAuditEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapTrail();
        return endpoints;
    }
}
