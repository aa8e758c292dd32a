using System.Reflection;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MlOpsPortal.Web.Components;
using Radzen;

namespace MlOpsPortal.Web.Ui;

/// <summary>Assemblies with pages besides the portal's own; the tests' component gallery is one.</summary>
public sealed record PageAssemblies(IReadOnlyList<Assembly> More);

/// <summary>The browser's side of the portal: components, circuits and their limits, security headers, static files.</summary>
public static class PortalUi
{
    /// <summary>Longest time a circuit without a browser is kept; also what a person may lose by closing the lid of a laptop.</summary>
    internal static readonly TimeSpan DisconnectedCircuitRetention = TimeSpan.FromMinutes(3);

    public static IServiceCollection AddPortalUi(this IServiceCollection services, params Assembly[] morePages)
    {
        services.AddSingleton(new PageAssemblies(morePages));
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.Configure<CircuitOptions>(options =>
        {
            options.DetailedErrors = false;
            options.DisconnectedCircuitMaxRetained = 100;
            options.DisconnectedCircuitRetentionPeriod = DisconnectedCircuitRetention;
            options.MaxBufferedUnacknowledgedRenderBatches = 10;
        });
        services.Configure<HubOptions>(options =>
        {
            options.EnableDetailedErrors = false;
            options.MaximumReceiveMessageSize = 256 * 1024; // a comment of 64 kB, as JSON escapes it
            options.AddFilter<CircuitWall>();
        });
        services.AddSingleton<CircuitWall>();
        services.AddAntiforgery(options => options.SuppressXFrameOptionsHeader = true); // SecurityHeaders sends a stricter one.
        services.AddCascadingAuthenticationState();
        services.AddAuthorizationCore();
        services.AddRadzenComponents();
        services.TryAddScoped<IShellSource, ClaimsShell>();
        services.AddScoped<Toasts>();
        services.AddSingleton<Components.Artifacts.ArtifactPreviews>().AddSingleton<Components.Artifacts.IArtifactShelf, Components.Artifacts.ArtifactShelf>();
        services.TryAddSingleton(TimeProvider.System);
        return services;
    }

    /// <summary>Middleware in front of every page. Error pages, authentication and authorization, where configured, come before it.</summary>
    public static WebApplication UsePortalUi(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseAntiforgery();
        return app;
    }

    public static RazorComponentsEndpointConventionBuilder MapPortalUi(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        var pages = app.Services.GetRequiredService<PageAssemblies>();
        return app.MapRazorComponents<App>()
            .AddAdditionalAssemblies([.. pages.More])
            // frame-ancestors is part of the portal's one policy, see SecurityHeaders.
            .AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }
}
