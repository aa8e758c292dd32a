using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Notifications;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Search;
using MlOpsPortal.Platform.Uploads;
using MlOpsPortal.Platform.Work;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Portfolio;
using MlOpsPortal.Registry.Aliases;
using MlOpsPortal.Registry.Bridge;
using MlOpsPortal.Registry.Data;
using MlOpsPortal.Registry.Everyone;
using MlOpsPortal.Registry.Governance;
using MlOpsPortal.Registry.Registered;
using MlOpsPortal.Registry.Versions;
using MlOpsPortal.Tracking.Artifacts;
using MlOpsPortal.Tracking.Experiments;
using MlOpsPortal.Tracking.Filtering;
using MlOpsPortal.Tracking.LoggedModels;
using MlOpsPortal.Tracking.Runs;

namespace MlOpsPortal.Registry;

/// <summary>Registered models, their versions, aliases and stages.</summary>
public static class RegistryModule
{
    public static IServiceCollection AddRegistry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RegistryOptions>().Bind(configuration.GetSection("Registry")).ValidateDataAnnotations().ValidateOnStart();
        services.AddTenantDb<RegistryDbContext>();
        services.AddSingleton(RegistryPermissions.All);
        services.AddSingleton(RefusalTextSource.Of(typeof(RegistryModule)));
        services.AddSingleton(provider => new ModelPlaces(Permissions(provider)));
        services.AddSingleton(provider => new LoggedSources(
            provider.GetRequiredService<RunDesk>(), provider.GetRequiredService<ExperimentDesk>(), provider.GetRequiredService<LoggedModelDesk>(), provider.GetRequiredService<ArtifactDesk>(),
            provider.GetRequiredService<ArtifactPins>()));
        services.AddSingleton(provider => new VersionSources(provider.GetRequiredService<LoggedSources>(), provider.GetRequiredService<ModelPlaces>()));
        services.AddSingleton(provider => new GovernanceDesk(Databases(provider), Permissions(provider), Time(provider)));
        services.AddSingleton(provider => new MoveDesk(
            Databases(provider), provider.GetRequiredService<ModelPlaces>(), Permissions(provider), provider.GetRequiredService<IReleaseApprovals>(), Time(provider)));
        services.AddSingleton(provider => new AliasDesk(Databases(provider), provider.GetRequiredService<ModelPlaces>(), provider.GetRequiredService<MoveDesk>()));
        services.AddSingleton(provider => new RegistryDesk(
            Databases(provider), provider.GetRequiredService<ModelPlaces>(), Permissions(provider), provider.GetRequiredService<ProjectPortfolio>(), provider.GetRequiredService<DefaultProjectDesk>(),
            provider.GetRequiredService<IOptions<RegistryOptions>>(), Time(provider)));
        services.AddSingleton(provider => new RegistrySearchDesk(Databases(provider), Permissions(provider), provider.GetRequiredService<PageTokens>()));
        services.AddSingleton(provider => new VersionDesk(
            Databases(provider), provider.GetRequiredService<ModelPlaces>(), provider.GetRequiredService<VersionSources>(), provider.GetRequiredService<LoggedSources>(), Permissions(provider),
            provider.GetRequiredService<BridgeQueue>(), provider.GetRequiredService<IOptions<RegistryOptions>>(), Time(provider)));
        services.AddSingleton<IVersionArtifacts, VersionArtifacts>();
        services.AddSingleton(provider => new RegistrySweeper(
            provider.GetRequiredService<PortalDatabase>(), Databases(provider), provider.GetRequiredService<LoggedSources>(), provider.GetRequiredService<IOptions<RegistryOptions>>(), Time(provider),
            provider.GetRequiredService<ILogger<RegistrySweeper>>()));
        AddBridge(services);
        services.AddSingleton<IWorkSource, MoveWork>().AddSingleton<INotificationRule, MoveRule>().AddSingleton<ISearchSource, RegistryNames>();
        return services;
    }

    public static IEndpointRouteBuilder MapRegistryEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapRegistered();
        endpoints.MapMoveRequests();
        return endpoints;
    }

    /// <summary>The work in the background that only a serving portal does.</summary>
    public static IServiceCollection AddRegistryBackground(this IServiceCollection services) => services.AddHostedService(provider => provider.GetRequiredService<RegistrySweeper>());

    private static void AddBridge(IServiceCollection services)
    {
        services.AddSingleton<BridgeQueue>();
        services.AddSingleton(provider => new PortalModels(
            provider.GetRequiredService<ModelDesk>(), provider.GetRequiredService<UploadDesk>(), provider.GetRequiredService<ProjectDesk>(), provider.GetRequiredService<RunDesk>(),
            provider.GetRequiredService<LoggedSources>()));
        services.AddSingleton(provider => new BridgeDesk(
            Databases(provider), provider.GetRequiredService<ModelPlaces>(), provider.GetRequiredService<LoggedSources>(), provider.GetRequiredService<PortalModels>()));
        services.AddSingleton(provider => new ModelFolderDesk(Databases(provider), provider.GetRequiredService<LoggedSources>(), provider.GetRequiredService<PortalModels>(), Permissions(provider)));
        services.AddJobKind<BridgeKind>();
    }

    private static ITenantDb<RegistryDbContext> Databases(IServiceProvider provider) => provider.GetRequiredService<ITenantDb<RegistryDbContext>>();

    private static IPermissions Permissions(IServiceProvider provider) => provider.GetRequiredService<IPermissions>();

    private static TimeProvider Time(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();
}
