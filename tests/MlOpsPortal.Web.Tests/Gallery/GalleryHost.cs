using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using MlOpsPortal.Web.Ui;

namespace MlOpsPortal.Web.Gallery;

/// <summary>The portal's UI with the gallery as its only page, on a free loopback port, and a browser to look at it.</summary>
public sealed class GalleryHost : IAsyncLifetime
{
    /// <summary>Milliseconds: only what hangs takes as long.</summary>
    private const int Patience = 60_000;
    private WebApplication? app;
    private IPlaywright? playwright;
    private IBrowser? browser;

    public static string RepositoryRoot { get; } = typeof(GalleryHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!; // Written by the project file.

    public string Url => app?.Urls.Single() ?? throw new InvalidOperationException("The gallery has not started.");

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(PortalUi).Assembly.GetName().Name,
            ContentRootPath = Path.Combine(RepositoryRoot, "src", "Hosts", "MlOpsPortal.Web"),
        });
        builder.WebHost.UseStaticWebAssets().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddScoped<IShellSource, GalleryShell>();
        builder.Services.AddPortalUi(typeof(GalleryHost).Assembly);
        app = builder.Build();
        app.UsePortalUi();
        app.MapPortalUi();
        await app.StartAsync();

        playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(Patience);
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A page of its own context with the theme's cookie set, opened at the path and connected to its circuit.</summary>
    public async Task<IPage> OpenAsync(string path, string theme = "light", int width = 1440, int height = 900)
    {
        var context = await browser!.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = height }, ReducedMotion = ReducedMotion.Reduce }); // Set by InitializeAsync.
        await context.AddCookiesAsync([new Cookie { Name = "theme", Value = theme, Url = Url }]);
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        await page.GotoAsync(Url + path, new PageGotoOptions { WaitUntil = WaitUntilState.NetworkIdle });
        await ConnectedAsync(page);
        return page;
    }

    /// <summary>From then on it hears what is pressed.</summary>
    public static Task ConnectedAsync(IPage page) => page.WaitForFunctionAsync("() => 'live' in document.documentElement.dataset");

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
        if (app is not null)
            await app.DisposeAsync();
    }
}
