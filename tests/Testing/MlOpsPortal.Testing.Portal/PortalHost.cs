using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Web.Composition;

namespace MlOpsPortal.Testing;

/// <summary>The portal in this process, on real Kestrel. Its services can be looked into.</summary>
public sealed class PortalHost : TestPortal
{
    private readonly WebApplication app;

    private PortalHost(PortalSettings settings, WebApplication app)
        : base(settings) => this.app = app;

    public override Uri Url => new(app.Urls.Single());

    public IServiceProvider Services => app.Services;

    /// <param name="more">Settings besides the usual ones.</param>
    public static async Task<PortalHost> StartAsync(IReadOnlyDictionary<string, string?>? more = null, CancellationToken cancellation = default)
    {
        var settings = await PortalSettings.CreateAsync(cancellation);
        var values = settings.Values();
        foreach (var (name, value) in more ?? new Dictionary<string, string?>(StringComparer.Ordinal))
            values[name] = value;
        string[] args =
        [
            "--urls=http://127.0.0.1:0",
            "--applicationName=MlOpsPortal.Web",
            "--environment=Production",
            $"--contentRoot={Path.Combine(Repository.Root, "src", "Hosts", "MlOpsPortal.Web")}",
            .. values.Select(value => $"--{value.Key}={value.Value}"),
        ];
        var portal = Portal.Build(args);
        portal.Services.GetRequiredService<ILoggerFactory>().AddProvider(new PortalLog(TimeProvider.System));
        await portal.StartAsync(cancellation);
        return new PortalHost(settings, portal);
    }

    public override async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await base.DisposeAsync();
    }
}
