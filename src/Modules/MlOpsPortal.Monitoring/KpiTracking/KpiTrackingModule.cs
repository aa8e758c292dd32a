using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Monitoring.KpiTracking.Inputs;
using MlOpsPortal.Monitoring.KpiTracking.Marks;
using MlOpsPortal.Monitoring.KpiTracking.Running;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Jobs.Schedules;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Kpis.Values;

namespace MlOpsPortal.Monitoring.KpiTracking;

/// <summary>KPIs measured from data. A host that serves also answers the verbs of <see cref="Sql.KpiVerbs"/>.</summary>
internal static class KpiTrackingModule
{
    public static IServiceCollection AddKpiTracking(this IServiceCollection services)
    {
        services.AddSingleton<InputResolver>().AddSingleton<PredictionsInput>().AddSingleton<Measurer>();
        services.AddSingleton<IKpiMarks, ReleaseMarks>();
        services.AddSingleton(provider => new MeasurementDesk(
            provider.GetRequiredService<ProjectDesk>(), provider.GetRequiredService<IPermissions>(), provider.GetRequiredService<ITenantDb<MonitoringDbContext>>(),
            provider.GetRequiredService<Measurer>(), provider.GetRequiredService<ScheduleDesk>(), provider.GetRequiredService<JobDesk>(), provider.GetRequiredService<RefusalTexts>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new KpiTracker(
            provider.GetRequiredService<KpiValueDesk>(), provider.GetRequiredService<ITenantDb<MonitoringDbContext>>(), provider.GetServices<IKpiMarks>(),
            provider.GetRequiredService<RefusalTexts>(), provider.GetRequiredService<TimeProvider>()));
        services.AddJobKind<KpiRunKind>();
        services.AddSingleton(KpiPermissions.All);
        services.AddSingleton(RefusalTextSource.Of(typeof(KpiTrackingModule)));
        return services;
    }
}
