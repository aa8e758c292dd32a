using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>Somebody at a browser: opens, fills in, clicks, looks. What is looked at passes axe in both themes.</summary>
public sealed class Person(IPage page, string root)
{
    /// <summary>Pages whose pictures docs/screenshots holds: <c>name-light.png</c> and <c>name-dark.png</c>.</summary>
    private static readonly string[] Pictured = ["business", "dataset", "model-contract", "comparison", "release", "endpoint", "my-work", "logged-model", "registered-version"];

    private static readonly string Pictures = Path.Combine(Repository.Root, "docs", "screenshots");
    private static readonly string Axe = File.ReadAllText(Path.Combine(Repository.NodeModules, "axe-core", "axe.min.js"));
    private readonly List<string> errors = [];

    public IPage Page => page;

    /// <summary>Findings of axe and errors of the console, with the page they came from.</summary>
    public List<string> Findings { get; } = [];

    /// <summary>At the sign-in page.</summary>
    public static async Task<Person> ArriveAsync(Chromium chromium, TestPortal portal, TestTenant tenant)
    {
        var page = await chromium.OpenAsync(portal.Url);
        var person = new Person(page, $"/t/{tenant.Slug}");
        page.PageError += (_, error) => person.errors.Add(error);
        page.Console += (_, message) => person.errors.AddRange(message.Type == "error" ? [message.Text] : []);
        await person.OpenAsync("/sign-in", inTenant: false);
        return person;
    }

    public static async Task<Person> SignInAsync(Chromium chromium, TestPortal portal, TestTenant tenant, TestMember member, string goesTo = "**/t/*")
    {
        var person = await ArriveAsync(chromium, portal, tenant);
        var page = person.Page;
        await page.GetByLabel("E-mail").FillAsync(member.Email);
        await page.GetByLabel("Password").FillAsync(member.Password);
        await person.ClickAsync("Sign in");
        await page.WaitForURLAsync(goesTo);
        await person.SettleAsync();
        return person;
    }

    /// <summary>Opens a page below the tenant, and waits until its circuit answers and what it loads is there.</summary>
    public async Task OpenAsync(string path, bool inTenant = true)
    {
        await page.GotoAsync(inTenant ? root + path : path);
        await SettleAsync();
    }

    private async Task SettleAsync()
    {
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await Chromium.ReadyAsync(page);
    }

    /// <summary>A button by its whole name; in the dialog when one is open.</summary>
    public Task ClickAsync(string button) => Here().GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    public Task FollowAsync(string link) => page.GetByRole(AriaRole.Link, new() { Name = link }).First.ClickAsync();

    /// <summary>A field by its label; optional ones say so after it.</summary>
    public ILocator Field(string label) => Here().GetByLabel(new Regex($"^\\s*{Regex.Escape(label)}\\s*(optional)?\\s*$", RegexOptions.None, TimeSpan.FromSeconds(1))).And(page.Locator("input, select, textarea"));

    public async Task FillAsync(params (string Label, string Text)[] fields)
    {
        foreach (var (label, text) in fields)
            await Field(label).FillAsync(text);
    }

    /// <summary>Chooses the option whose text begins or ends so.</summary>
    public async Task ChooseAsync(string label, string part)
    {
        var field = Field(label);
        await field.Locator("option").Filter(new() { HasText = part }).First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        var text = await field.Locator("option").Filter(new() { HasText = part }).First.TextContentAsync();
        await field.SelectOptionAsync(new SelectOptionValue { Label = text });
    }

    public Task SeeAsync(string text) => page.GetByText(text).First.WaitForAsync();

    /// <summary>From now on the page may not be loaded again: <see cref="SeeUnaskedAsync"/> would know.</summary>
    public Task LeaveAloneAsync() => page.EvaluateAsync("() => { window.untouched = true; }");

    /// <summary>What somebody else did appears on a page that was left alone.</summary>
    public async Task SeeUnaskedAsync(string text)
    {
        await SeeAsync(text);
        if (!await page.EvaluateAsync<bool>("() => window.untouched === true"))
            Findings.Add($"{page.Url} was loaded again to show '{text}'");
    }

    public async Task ArriveAsync(string address)
    {
        await page.WaitForURLAsync(new Regex(address, RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Chromium.ReadyAsync(page);
    }

    /// <summary>Puts a file into a field and waits until the portal has it whole.</summary>
    public async Task UploadAsync(string label, string file)
    {
        await Field(label).SetInputFilesAsync(file);
        await page.GetByText($"{Path.GetFileName(file)},").WaitForAsync();
    }

    /// <summary>Looks at the page as it is: axe in light and dark, and a picture where one is wanted.</summary>
    public async Task LookAsync(string name)
    {
        foreach (var theme in new[] { "light", "dark" })
        {
            await page.EvaluateAsync("theme => document.documentElement.dataset.theme = theme", theme);
            Findings.AddRange((await SeriousFindingsAsync()).Select(finding => $"{name} ({theme}): {finding}"));
            if (Pictured.Contains(name) && Environment.GetEnvironmentVariable("MLOPSPORTAL_WRITE_SCREENSHOTS") == "1")
            {
                await page.EvaluateAsync("() => scrollTo(0, 0)");
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, $"{name}-{theme}.png") });
            }
        }

        await page.EvaluateAsync("() => document.documentElement.dataset.theme = 'light'");
        Findings.AddRange(errors.Select(error => $"{name}: {error}"));
        errors.Clear();
    }

    private ILocator Here() => page.Locator("dialog[open], body:not(:has(dialog[open]))").Last;

    private async Task<List<string>> SeriousFindingsAsync()
    {
        // The page's policy allows no foreign script; evaluating one is the test's own right.
        await page.EvaluateAsync(Axe);
        var result = await page.EvaluateAsync<JsonElement>("() => axe.run(document, { resultTypes: ['violations'] })");
        return
        [
            .. result.GetProperty("violations").EnumerateArray()
                .Where(finding => finding.GetProperty("impact").GetString() is "serious" or "critical")
                .SelectMany(finding => finding.GetProperty("nodes").EnumerateArray().Select(node => $"{finding.GetProperty("id").GetString()}: {node.GetProperty("html").GetString()}")),
        ];
    }
}
