using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Projects.Portfolio;
using MlOpsPortal.Tracking.Artifacts;
using MlOpsPortal.Tracking.Data;
using MlOpsPortal.Tracking.Experiments;
using MlOpsPortal.Tracking.Filtering;
using MlOpsPortal.Tracking.Inputs;
using MlOpsPortal.Tracking.Logging;
using MlOpsPortal.Tracking.Metrics;
using MlOpsPortal.Tracking.Runs;
using MlOpsPortal.Tracking.Search;

namespace MlOpsPortal.Tracking;

/// <summary>Experiments, runs and what they log.</summary>
public static class TrackingModule
{
    public static IServiceCollection AddTracking(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<TrackingOptions>().Bind(configuration.GetSection("Tracking")).ValidateDataAnnotations().ValidateOnStart();
        services.AddTenantDb<TrackingDbContext>();
        services.AddSingleton(TrackingPermissions.All);
        services.AddSingleton(RefusalTextSource.Of(typeof(TrackingModule)));
        services.AddSingleton<KeyBook>().AddSingleton<RunIds>();
        services.AddSingleton(provider => new PageTokens(provider.GetRequiredService<IDataProtectionProvider>()));
        services.AddSingleton(provider => new Pulse(Databases(provider), Time(provider), provider.GetRequiredService<ILogger<Pulse>>()));
        services.AddSingleton(provider => new Places(Permissions(provider), provider.GetRequiredService<DefaultProjectDesk>(), Time(provider)));
        services.AddSingleton(provider => new ExperimentDesk(
            Databases(provider), provider.GetRequiredService<Places>(), Permissions(provider), provider.GetRequiredService<ProjectPortfolio>(), provider.GetRequiredService<DefaultProjectDesk>(),
            provider.GetRequiredService<IOptions<TrackingOptions>>(), Time(provider)));
        services.AddSingleton<Platform.Search.ISearchSource, Everyone.ExperimentSearch>();
        services.AddSingleton<Export.RunExport>();
        services.AddSingleton(provider => new RunDesk(
            Databases(provider), provider.GetRequiredService<Places>(), provider.GetRequiredService<KeyBook>(), provider.GetRequiredService<RunIds>(),
            provider.GetRequiredService<Pulse>(), provider.GetRequiredService<IOptions<TrackingOptions>>(), Time(provider)));
        services.AddSingleton(provider => new LogDesk(Databases(provider), provider.GetRequiredService<Places>(), provider.GetRequiredService<KeyBook>(), provider.GetRequiredService<Pulse>()));
        services.AddSingleton(provider => new InputDesk(Databases(provider), provider.GetRequiredService<Places>(), provider.GetRequiredService<Pulse>()));
        services.AddSingleton(provider => new MetricDesk(
            Databases(provider), provider.GetRequiredService<Places>(), Permissions(provider), provider.GetRequiredService<KeyBook>(), provider.GetRequiredService<PageTokens>()));
        services.AddSingleton(provider => new TrackingSweeper(
            provider.GetRequiredService<PortalDatabase>(), Databases(provider), provider.GetRequiredService<IOptions<TrackingOptions>>(), Time(provider), provider.GetRequiredService<ILogger<TrackingSweeper>>()));
        services.AddSingleton(provider => new RunSearchDesk(
            Databases(provider), Permissions(provider), provider.GetRequiredService<Places>(), provider.GetRequiredService<KeyBook>(), provider.GetRequiredService<PageTokens>()));
        services.AddSingleton(provider => new ExperimentSearchDesk(Databases(provider), Permissions(provider), provider.GetRequiredService<Places>(), provider.GetRequiredService<PageTokens>()));
        return services.AddArtifacts();
    }

    public static IEndpointRouteBuilder MapTrackingEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapExperiments();
        Export.RunExportEndpoints.MapRunExport(endpoints);
        return endpoints;
    }

    /// <summary>The work in the background that only a serving portal does.</summary>
    public static IServiceCollection AddTrackingBackground(this IServiceCollection services) =>
        services
            .AddHostedService(provider => provider.GetRequiredService<Pulse>())
            .AddHostedService(provider => provider.GetRequiredService<ArtifactSweeper>())
            .AddHostedService(provider => provider.GetRequiredService<TrackingSweeper>());

    private static ITenantDb<TrackingDbContext> Databases(IServiceProvider provider) => provider.GetRequiredService<ITenantDb<TrackingDbContext>>();

    private static IPermissions Permissions(IServiceProvider provider) => provider.GetRequiredService<IPermissions>();

    private static TimeProvider Time(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();
}
