using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Audit.Data;
using MlOpsPortal.Platform;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Audit;

/// <summary>What happened, for those who answer for it.</summary>
public static class AuditModule
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddSingleton(new PermissionList("audit", AuditPermissions.All));
        services.AddTenantDb<AuditDbContext>();
        return services;
    }

    public static IEndpointRouteBuilder MapAuditEndpoints(this IEndpointRouteBuilder endpoints) => endpoints;
}
