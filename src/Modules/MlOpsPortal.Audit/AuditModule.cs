using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Audit.Comments;
using MlOpsPortal.Audit.Data;
using MlOpsPortal.Audit.Notifications;
using MlOpsPortal.Audit.Seals;
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
        services.AddSingleton(provider => new SealDesk(provider.GetRequiredService<ITenantDb<AuditDbContext>>(), provider.GetRequiredService<IPermissions>()));
        services.AddSingleton<TrailSealer>();
        services.AddInbox().AddComments();
        return services;
    }

    public static IEndpointRouteBuilder MapAuditEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapTrail();
        endpoints.MapSeals();
        endpoints.MapInbox();
        endpoints.MapComments();
        return endpoints;
    }

    /// <summary>The work in the background that only a serving portal does: telling people what happened, and sealing the trail.</summary>
    public static IServiceCollection AddAuditBackground(this IServiceCollection services) =>
        services.AddHostedService(provider => provider.GetRequiredService<NotificationRelay>()).AddHostedService(provider => provider.GetRequiredService<TrailSealer>());
}
