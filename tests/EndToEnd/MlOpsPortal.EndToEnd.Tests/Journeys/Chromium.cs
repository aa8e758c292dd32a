using Microsoft.Playwright;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>The system's own browser.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    /// <summary>Milliseconds: only what hangs takes as long.</summary>
    public const int Patience = 60_000;

    /// <summary>From a page without a circuit a link changes the address first and fetches the page then: what has the new address may be the old page still.</summary>
    private const string OnTheWay = """
        addEventListener('DOMContentLoaded', () => {
          if (!window.Blazor?.addEventListener) return;
          Blazor.addEventListener('enhancednavigationstart', () => { window.onTheWay = true; });
          Blazor.addEventListener('enhancednavigationend', () => { window.onTheWay = false; });
        });
        """;

    private const string Ready = "() => !window.onTheWay && (!document.querySelector('.app') || ('live' in document.documentElement.dataset && !document.querySelector('main .skeleton')))";
    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Program))
            throw new InvalidOperationException($"{Program} is not there: the browser tests need Debian's package 'chromium' (apt-get install chromium).");
        playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(Patience);
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A window of its own, as big as the screenshots.</summary>
    public async Task<IPage> OpenAsync(Uri portal)
    {
        var context = await (browser ?? throw new InvalidOperationException("The browser has not started.")).NewContextAsync(
            new BrowserNewContextOptions { BaseURL = portal.ToString(), ViewportSize = new ViewportSize { Width = 1440, Height = 900 }, ReducedMotion = ReducedMotion.Reduce, Locale = "en-GB" });
        context.SetDefaultTimeout(Patience);
        await context.AddInitScriptAsync(OnTheWay);
        return await context.NewPageAsync();
    }

    /// <summary>The page is the one of its address, what it loads is there, and it hears what is pressed.</summary>
    public static Task ReadyAsync(IPage page) => page.WaitForFunctionAsync(Ready);

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }
}
