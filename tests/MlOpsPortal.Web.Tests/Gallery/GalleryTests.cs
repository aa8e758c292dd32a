using System.Text.Json;
using Microsoft.Playwright;

namespace MlOpsPortal.Web.Gallery;

/// <summary>The kit in a real browser, with the portal's own headers and scripts.</summary>
public sealed class GalleryTests(GalleryHost host) : IClassFixture<GalleryHost>
{
    [Theory]
    [InlineData("light", 1440)]
    [InlineData("dark", 1440)]
    [InlineData("light", 1000)]
    [InlineData("dark", 700)]
    [InlineData("light", 1440, "/gallery/runs")]
    [InlineData("dark", 1440, "/gallery/runs")]
    [InlineData("light", 700, "/gallery/runs")]
    public async Task Every_component_passes_axe(string theme, int width, string path = "/gallery")
    {
        var page = await host.OpenAsync(path, theme, width);
        await ShotAsync(page, $"{path.Replace('/', '-').Trim('-')}-{theme}-{width}.png");

        (await SeriousFindingsAsync(page)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_circuit_answers_and_a_confirmed_dialog_acts()
    {
        var page = await host.OpenAsync("/gallery");
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        // A refusal by the content security policy is a console error.
        page.Console += (_, message) => errors.AddRange(message.Type == "error" ? [message.Text] : []);
        await page.ReloadAsync(new PageReloadOptions { WaitUntil = WaitUntilState.NetworkIdle });
        await GalleryHost.ConnectedAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Switch off" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.WaitForAsync();
        await ShotAsync(page, "dialog.png");
        (await SeriousFindingsAsync(page)).ShouldBeEmpty();
        await dialog.GetByLabel("Type offers-prod to confirm").FillAsync("offers-prod");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Switch off" }).ClickAsync();

        await page.GetByText("offers-prod is off.").WaitForAsync();
        await dialog.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Hidden });
        errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_narrow_page_keeps_its_rail_in_a_drawer()
    {
        var page = await host.OpenAsync("/gallery", width: 700);
        var rail = page.GetByRole(AriaRole.Navigation, new() { Name = "Main" });
        await Assertions.Expect(rail).Not.ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Open the menu" }).ClickAsync();
        await rail.GetByRole(AriaRole.Link, new() { Name = "Business" }).WaitForAsync();
        await ShotAsync(page, "drawer.png");

        await page.Keyboard.PressAsync("Escape");
        await rail.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Hidden });
    }

    [Fact]
    public async Task The_theme_changes_at_once_and_is_in_the_next_pages_first_byte()
    {
        var page = await host.OpenAsync("/gallery");

        await page.GetByRole(AriaRole.Button, new() { Name = "Switch between light and dark" }).ClickAsync();
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");

        var answer = await page.APIRequest.GetAsync(page.Url);
        (await answer.TextAsync()).ShouldContain("data-theme=\"dark\"");
    }

    [Fact]
    public async Task Every_answer_forbids_frames_foreign_scripts_and_eval()
    {
        var page = await host.OpenAsync("/gallery");

        foreach (var path in new[] { "/gallery", "/app.css", "/nothing-here" })
        {
            var headers = (await page.APIRequest.GetAsync(host.Url + path)).Headers;
            headers["content-security-policy"].ShouldContain("frame-ancestors 'none'");
            headers["content-security-policy"].ShouldContain("script-src 'self';");
            headers["x-content-type-options"].ShouldBe("nosniff");
            headers["referrer-policy"].ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task The_typeface_is_ours_and_kept_for_ever()
    {
        var page = await host.OpenAsync("/gallery");

        var font = await page.Locator("link[rel=preload][as=font]").GetAttributeAsync("href");
        var answer = await page.APIRequest.GetAsync(host.Url + font);

        answer.Status.ShouldBe(200);
        answer.Headers["cache-control"].ShouldContain("immutable");
        await page.WaitForFunctionAsync("() => document.fonts.check('14px Inter')");
    }

    /// <summary>For people: written where GALLERY_SHOTS points to, what the window shows and the whole page.</summary>
    private static async Task ShotAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("GALLERY_SHOTS") is not { Length: > 0 } folder)
            return;
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name) });
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, "whole-" + name), FullPage = true });
    }

    private static async Task<IReadOnlyList<string>> SeriousFindingsAsync(IPage page)
    {
        // The page's policy allows no foreign script; evaluating one is the test's own right.
        await page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(GalleryHost.RepositoryRoot, "node_modules", "axe-core", "axe.min.js"), TestContext.Current.CancellationToken));
        var result = await page.EvaluateAsync<JsonElement>("() => axe.run(document, { resultTypes: ['violations'] })");
        return
        [
            .. result.GetProperty("violations").EnumerateArray()
                .Where(finding => finding.GetProperty("impact").GetString() is "serious" or "critical")
                .SelectMany(finding => finding.GetProperty("nodes").EnumerateArray()
                    .Select(node => $"{finding.GetProperty("id").GetString()}: {node.GetProperty("html").GetString()} {node.GetProperty("failureSummary").GetString()}")),
        ];
    }
}
