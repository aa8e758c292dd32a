using System.Text;
using Microsoft.Playwright;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>A project on one page of paper.</summary>
[Collection<JourneyCollection>]
public sealed class PrintTests(PortalFixture portal, Chromium chromium, Furnished furnished)
{
    /// <summary>A4 without its margins, in CSS pixels.</summary>
    private const int PaperWidth = 688;

    [Fact]
    public async Task The_one_page_prints_light_whole_and_without_the_frame()
    {
        var home = await furnished.InAsync(portal.Portal);
        var owner = await Person.SignInAsync(chromium, portal.Portal, home.Tenant, home.Tenant[Role.BusinessOwner]);
        var page = owner.Page;
        await owner.OpenAsync($"/projects/{home.Project.Id}/one-page");
        await owner.SeeAsync("Value so far");
        await page.EvaluateAsync("() => document.documentElement.dataset.theme = 'dark'");
        await page.SetViewportSizeAsync(PaperWidth, 972);
        await page.EmulateMediaAsync(new() { Media = Media.Print });

        // Nothing to press and nowhere to go; what the page says is there.
        foreach (var frame in new[] { "nav", ".top", ".rail", "button", ".toasts" })
            (await page.Locator($"{frame}:visible").CountAsync()).ShouldBe(0, frame);
        foreach (var said in new[] { "Problem", "Sick people are told sooner", "KPIs", "Model in production", "Value so far" })
            await page.GetByText(said).First.WaitForAsync();

        // Dark letters on white, though the screen is dark.
        var colours = await page.EvaluateAsync<int[]>(
            """
            () => {
              const light = (of, property) => { const [r, g, b, a = 1] = getComputedStyle(of)[property].match(/[\d.]+/g).map(Number); return a === 0 ? 255 : Math.round((r + g + b) / 3); };
              return [light(document.body, 'backgroundColor'), light(document.querySelector('.card'), 'backgroundColor'), light(document.querySelector('h1'), 'color'), light(document.querySelector('.card td, .card dd'), 'color')];
            }
            """);
        colours[0].ShouldBeGreaterThan(240);
        colours[1].ShouldBeGreaterThan(240);
        colours[2].ShouldBeLessThan(90);
        colours[3].ShouldBeLessThan(130);

        (await page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('main, main *')].filter(one => !one.closest('.sr-only') && one.checkVisibility())
              .filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible' || one.getBoundingClientRect().right > innerWidth + 1)
              .map(one => one.outerHTML.slice(0, 120))
            """)).ShouldBeEmpty("what is cut off");
        var paper = await page.PdfAsync(new() { Format = "A4", PreferCSSPageSize = true });
        Encoding.Latin1.GetString(paper).Split("/Type /Page\n").Length.ShouldBe(2, "pages and one");
        if (Environment.GetEnvironmentVariable("MLOPSPORTAL_WRITE_PAPER") is { } file)
            await File.WriteAllBytesAsync(file, paper, TestContext.Current.CancellationToken);
    }
}
