using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Archive;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Notifications;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Search;
using MlOpsPortal.Platform.Subjects;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Platform.Work;
using MlOpsPortal.Projects.Data;
using MlOpsPortal.Projects.Everyone;
using MlOpsPortal.Projects.Kpis.Values;
using MlOpsPortal.Projects.Objectives.CheckIns;
using MlOpsPortal.Projects.Portfolio;
using MlOpsPortal.Projects.Stages;
using MlOpsPortal.Projects.Standing;

namespace MlOpsPortal.Projects;

/// <summary>Stage 1 and the gates of all five.</summary>
public static class ProjectsModule
{
    public static IServiceCollection AddProjects(this IServiceCollection services)
    {
        services.AddTenantDb<ProjectsDbContext>();
        services.AddSingleton<ProjectDefinition>();
        services.AddSingleton<AggregateDefinition<ProjectRow, Project>>(provider => provider.GetRequiredService<ProjectDefinition>());
        services.AddTransient<Aggregate<ProjectsDbContext, ProjectRow, Project>>();
        services.AddSingleton(provider => new ProjectLimit(provider.GetRequiredService<ITenantDb<ProjectsDbContext>>(), provider.GetRequiredService<ITenantLimits>()));
        services.AddSingleton<ProjectDesk>();
        services.AddSingleton(provider => new ProjectPortfolio(provider.GetRequiredService<ITenantDb<ProjectsDbContext>>(), provider.GetRequiredService<IPermissions>()));
        services.AddSingleton(provider => new DefaultProjectDesk(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<ITenantDb<ProjectsDbContext>>(), provider.GetRequiredService<IPermissions>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new KpiValueDesk(
            provider.GetRequiredService<ProjectDesk>(), provider.GetRequiredService<ITenantDb<ProjectsDbContext>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new CheckInDesk(
            provider.GetRequiredService<ProjectDesk>(), provider.GetRequiredService<ITenantDb<ProjectsDbContext>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new StandingDesk(
            provider.GetRequiredService<ProjectDesk>(), provider.GetRequiredService<ITenantDb<ProjectsDbContext>>(), provider.GetRequiredService<IPermissions>(),
            provider.GetRequiredService<ProjectDefinition>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IWorkSource, DueWork>();
        services.AddSingleton<IScopeDirectory, ProjectScopes>();
        services.AddSingleton<IWorkSource, ProjectWork>().AddSingleton<ISearchSource, ProjectSearch>().AddSingleton<ISubjectSource, ProjectSubjects>();
        services.AddSingleton<INotificationRule, ProjectRule>().AddSingleton<IArchiveSource, ProjectArchive>();
        services.AddSingleton<IWorkSource, StageTaskWork>();
        services.AddSingleton<INotificationRule, StageTaskNotices>();
        services.AddSingleton(ProjectsPermissions.All);
        services.AddSingleton(RefusalTextSource.Of(typeof(ProjectsModule)));
        return services;
    }

    public static IEndpointRouteBuilder MapProjectsEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapProjects();
        endpoints.MapKpiValues();
        endpoints.MapCheckIns();
        endpoints.MapStandings();
        return endpoints;
    }
}
