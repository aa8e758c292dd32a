using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Deployments;
using MlOpsPortal.Deployments.Serving.Spool;
using MlOpsPortal.Monitoring.Actuals;
using MlOpsPortal.Monitoring.Alerts;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Monitoring.KpiTracking;
using MlOpsPortal.Monitoring.Measuring;
using MlOpsPortal.Monitoring.Monitors;
using MlOpsPortal.Monitoring.PredictionLog;
using MlOpsPortal.Platform;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Jobs.Schedules;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Uploads;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Monitoring;

/// <summary>Stage 5: what deployed models answered, what really happened, and what follows from it.</summary>
public static class MonitoringModule
{
    /// <summary>The log alone: predictions as they are spooled, and what is known of them.</summary>
    public static IServiceCollection AddPredictionLog(this IServiceCollection services)
    {
        services.AddTenantDb<MonitoringDbContext>();
        services.AddSingleton<PredictionStore>();
        services.AddSingleton<IPredictionStore>(provider => provider.GetRequiredService<PredictionStore>());
        services.AddSingleton(provider => new PredictionIntake(
            provider.GetRequiredService<DeploymentDesk>(), provider.GetRequiredService<IPermissions>(), provider.GetRequiredService<ITenantDb<MonitoringDbContext>>(),
            provider.GetRequiredService<PredictionStore>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ActualIntake(
            provider.GetRequiredService<DeploymentDesk>(), provider.GetRequiredService<IPermissions>(), provider.GetRequiredService<ITenantDb<MonitoringDbContext>>(),
            provider.GetRequiredService<UploadDesk>(), provider.GetRequiredService<BlobStore>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new PredictionHistory(provider.GetRequiredService<DeploymentDesk>(), provider.GetRequiredService<ITenantDb<MonitoringDbContext>>()));
        services.AddSingleton(MonitoringPermissions.All);
        services.AddSingleton(RefusalTextSource.Of(typeof(MonitoringModule)));
        return services;
    }

    /// <summary>What this module does in a child process.</summary>
    public static IReadOnlyDictionary<string, IJobVerb> Verbs { get; } = new Dictionary<string, IJobVerb>(StringComparer.Ordinal) { [ReferenceVerb.Name] = new ReferenceVerb() };

    public static IServiceCollection AddMonitoring(this IServiceCollection services)
    {
        services.AddPredictionLog();
        services.AddKpiTracking();
        services.AddSingleton(provider => new MonitorDesk(
            provider.GetRequiredService<DeploymentDesk>(), provider.GetRequiredService<IPermissions>(), provider.GetRequiredService<ITenantDb<MonitoringDbContext>>(),
            provider.GetRequiredService<ScheduleDesk>(), provider.GetRequiredService<JobDesk>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<References>();
        services.AddJobKind<MonitorRunKind>();
        services.AddSingleton<IGateEvidence, MonitoringGate>();
        services.AddAlerts();
        services.AddSingleton(provider => new MonitorHistory(provider.GetRequiredService<MonitorDesk>(), provider.GetRequiredService<ITenantDb<MonitoringDbContext>>()));
        return services;
    }

    public static IEndpointRouteBuilder MapPredictionLogEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPredictions();
        return endpoints;
    }

    public static IEndpointRouteBuilder MapMonitoringEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPredictionLogEndpoints();
        endpoints.MapMonitors();
        endpoints.MapKpiTracking();
        endpoints.MapAlerts();
        return endpoints;
    }
}
