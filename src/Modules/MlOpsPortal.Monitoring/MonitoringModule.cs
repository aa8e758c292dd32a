using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Deployments;
using MlOpsPortal.Deployments.Serving.Spool;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Monitoring.PredictionLog;
using MlOpsPortal.Platform;
using MlOpsPortal.Platform.Data;

namespace MlOpsPortal.Monitoring;

/// <summary>What deployed models answered.</summary>
public static class MonitoringModule
{
    public static IServiceCollection AddMonitoring(this IServiceCollection services)
    {
        services.AddTenantDb<MonitoringDbContext>();
        services.AddSingleton<IPredictionStore, PredictionStore>();
        services.AddSingleton(provider => new PredictionHistory(provider.GetRequiredService<DeploymentDesk>(), provider.GetRequiredService<ITenantDb<MonitoringDbContext>>()));
        return services;
    }

    public static IEndpointRouteBuilder MapMonitoringEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPredictions();
        return endpoints;
    }
}
