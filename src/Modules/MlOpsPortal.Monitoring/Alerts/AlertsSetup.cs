using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Deployments;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Monitoring.Incidents;
using MlOpsPortal.Monitoring.KpiTracking.Marks;
using MlOpsPortal.Monitoring.Monitors;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Notifications;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Subjects;
using MlOpsPortal.Platform.Work;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Kpis.Values;

namespace MlOpsPortal.Monitoring.Alerts;

internal static class AlertsSetup
{
    public static void AddAlerts(this IServiceCollection services)
    {
        services.AddSingleton(provider => new WatchedHistory(provider.GetRequiredService<KpiValueDesk>()));
        services.AddSingleton<IAfterMonitorRun>(provider => new AlertWatch(provider.GetRequiredService<WatchedHistory>(), provider.GetRequiredService<DeploymentDesk>()));
        services.AddSingleton(provider => new AlertRuleDesk(
            provider.GetRequiredService<MonitorDesk>(), provider.GetRequiredService<ITenantDb<MonitoringDbContext>>(), provider.GetRequiredService<WatchedHistory>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new AlertDesk(
            provider.GetRequiredService<IPermissions>(), provider.GetRequiredService<IPeople>(), provider.GetRequiredService<ITenantDb<MonitoringDbContext>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new IncidentDesk(
            provider.GetRequiredService<IPermissions>(), provider.GetRequiredService<ProjectDesk>(), provider.GetRequiredService<ITenantDb<MonitoringDbContext>>(),
            provider.GetRequiredService<RefusalTexts>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IWorkSource>(provider => new IncidentWork(provider.GetRequiredService<ITenantDb<MonitoringDbContext>>(), provider.GetRequiredService<IPermissions>()));
        services.AddSingleton<INotificationRule>(provider => new IncidentNotices(provider.GetRequiredService<ITenantDb<MonitoringDbContext>>()));
        services.AddSingleton<IKpiMarks>(provider => new IncidentMarks(provider.GetRequiredService<ITenantDb<MonitoringDbContext>>(), provider.GetRequiredService<IPermissions>()));
        services.AddSingleton<ISubjectSource>(provider => new AlertSubjects(provider.GetRequiredService<AlertDesk>()));
        services.AddSingleton(RefusalTextSource.Of(typeof(AlertsSetup)));
    }
}
