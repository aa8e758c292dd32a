using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Deployments.Data;
using MlOpsPortal.Deployments.Everyone;
using MlOpsPortal.Deployments.Serving;
using MlOpsPortal.Deployments.Serving.Routing;
using MlOpsPortal.Deployments.Serving.Scoring;
using MlOpsPortal.Deployments.Serving.Spool;
using MlOpsPortal.Deployments.Serving.Traffic;
using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Archive;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Notifications;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Search;
using MlOpsPortal.Platform.Work;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Deployments;

/// <summary>Stage 4: endpoints, their releases, and scoring.</summary>
public static class DeploymentsModule
{
    public static IServiceCollection AddDeployments(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PortalFolderOptions>().Bind(configuration.GetSection("Portal")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ServingOptions>().Bind(configuration.GetSection("Serving")).ValidateDataAnnotations().ValidateOnStart();
        services.AddTenantDb<DeploymentsDbContext>();
        services.AddSingleton<AggregateDefinition<DeploymentRow, Deployment>, DeploymentDefinition>();
        services.AddTransient<Aggregate<DeploymentsDbContext, DeploymentRow, Deployment>>();
        services.AddSingleton(provider => new DeploymentDesk(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<IPermissions>(), provider.GetRequiredService<IModelRegistry>(),
            provider.GetRequiredService<IReleaseApprovals>(), provider.GetRequiredService<ITenantDb<DeploymentsDbContext>>(), provider.GetRequiredService<ServingRuntime>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DeploymentLineage>();
        services.AddSingleton<IGateEvidence, DeploymentGate>();
        services.AddSingleton<IWorkSource, DeploymentWork>().AddSingleton<ISearchSource, DeploymentSearch>();
        services.AddSingleton<INotificationRule, DeploymentRule>().AddSingleton<IArchiveSource, DeploymentArchive>();
        services.AddSingleton(DeploymentsPermissions.All);
        services.AddSingleton(RefusalTextSource.Of(typeof(DeploymentsModule)));
        return services.AddServing();
    }

    /// <summary>The work in the background that only a serving portal does: loading releases, logging predictions, keeping traffic.</summary>
    public static IServiceCollection AddDeploymentsBackground(this IServiceCollection services) =>
        services
            .AddHostedService(provider => provider.GetRequiredService<SpoolDrain>())
            .AddHostedService(provider => provider.GetRequiredService<TrafficWriter>())
            .AddHostedService(provider => provider.GetRequiredService<ServingRuntime>());

    public static IEndpointRouteBuilder MapDeploymentsEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapDeployments();
        endpoints.MapScoring();
        return endpoints;
    }

    private static IServiceCollection AddServing(this IServiceCollection services) =>
        services
            .AddSingleton<RoutingTable>()
            .AddSingleton<IModelFiles, CachedModelFiles>()
            .AddSingleton<ModelLoader>()
            .AddSingleton<ServingRuntime>()
            .AddSingleton<ScoringHandler>()
            .AddSingleton(provider => new ScoringDesk(provider.GetRequiredService<ScoringHandler>()))
            .AddSingleton<PredictionSpool>()
            .AddSingleton<SpoolDrain>()
            .AddSingleton(provider => new SpoolStatus(provider.GetRequiredService<PredictionSpool>(), provider.GetRequiredService<SpoolDrain>()))
            .AddSingleton<TrafficMeters>()
            .AddSingleton<TrafficWriter>()
            .AddSingleton(provider => new TrafficHistory(
                provider.GetRequiredService<DeploymentDesk>(), provider.GetRequiredService<ITenantDb<DeploymentsDbContext>>(), provider.GetRequiredService<TrafficMeters>(),
                provider.GetRequiredService<TimeProvider>()));
}
