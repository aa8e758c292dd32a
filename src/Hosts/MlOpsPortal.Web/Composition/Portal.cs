using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using MlOpsPortal.Access;
using MlOpsPortal.Audit;
using MlOpsPortal.Datasets;
using MlOpsPortal.Deployments;
using MlOpsPortal.MlflowApi;
using MlOpsPortal.Models;
using MlOpsPortal.Monitoring;
using MlOpsPortal.Platform;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Projects;
using MlOpsPortal.Registry;
using MlOpsPortal.Tracking;
using MlOpsPortal.Web.Components.Pages.Experiments;
using MlOpsPortal.Web.Ui;

namespace MlOpsPortal.Web.Composition;

/// <summary>Puts the portal together: platform, modules, silo, pages, endpoints.</summary>
public static class Portal
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.AddConsole(console => console.FormatterName = LogLines.Formatter).AddConsoleFormatter<LogLines, ConsoleFormatterOptions>();
        builder.Host.UseDefaultServiceProvider(options => options.ValidateOnBuild = options.ValidateScopes = true);
        builder.Services.AddPortalUi();
        builder.Services.AddScoped<IShellSource, PortalShell>();
        builder.Services.AddSingleton<RunBook>();
        builder.Services.AddPortalModules(builder.Configuration);
        builder.Services.AddSingleton<StartChild>(start => Engines.Sandbox.ChildProcess.Start(start));
        builder.Services.AddPlatformBackground().AddAccessBackground().AddDeploymentsBackground().AddAuditBackground().AddTrackingBackground().AddRegistryBackground();
        builder.Services.AddSilo(grainAssemblies: [typeof(ProjectsModule).Assembly, typeof(DatasetsModule).Assembly, typeof(ModelsModule).Assembly, typeof(DeploymentsModule).Assembly]).AddIncomingGrainCallFilter<TenantWall>();
        builder.Services.AddPortalApi();
        builder.Services.AddMlflowApi();
        builder.Services.AddPortalHealth();

        var app = builder.Build();
        app.Services.GetRequiredService<IStartupValidator>().Validate(); // before anything is resolved that needs an option
        app.UseMlflowAddresses();
        app.UsePortalErrors();
        app.UseRouting(); // after the errors: a page that is shown instead of another one is routed anew
        app.UseAccess();
        app.UseIdempotencyKeys();
        app.UsePortalUi();
        app.MapPortalHealth();
        app.MapPortalApi();
        app.MapMlflowApi(AccessSchemes.Token);
        app.MapPortalUi();
        return app;
    }

    /// <summary>Platform and modules without anything that serves; the migrations need no more.</summary>
    public static IServiceCollection AddPortalModules(this IServiceCollection services, IConfiguration configuration) =>
        services
            .AddPlatform(configuration)
            .AddAccess(configuration)
            .AddAudit()
            .AddProjects()
            .AddDatasets()
            .AddModels(configuration)
            .AddDeployments(configuration)
            .AddMonitoring()
            .AddTracking(configuration)
            .AddRegistry(configuration);
}
