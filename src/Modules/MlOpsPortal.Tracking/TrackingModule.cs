using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Tracking.Data;

namespace MlOpsPortal.Tracking;

/// <summary>Experiments, runs and what they log.</summary>
public static class TrackingModule
{
    public static IServiceCollection AddTracking(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddTenantDb<TrackingDbContext>();
        services.AddSingleton(TrackingPermissions.All);
        services.AddSingleton(RefusalTextSource.Of(typeof(TrackingModule)));
        return services;
    }

    public static IEndpointRouteBuilder MapTrackingEndpoints(this IEndpointRouteBuilder endpoints) => endpoints;
}
