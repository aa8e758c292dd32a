using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>What somebody has found among her runs, and how she comes back to it or hands it on.</summary>
[Collection<JourneyCollection>]
public sealed class SharingJourneyTests(PortalFixture portal, Chromium chromium)
{
    private const int Runs = 8;

    [Fact]
    public async Task A_long_comparison_has_a_short_link_that_leads_a_colleague_there_and_a_stranger_nowhere()
    {
        var (tenant, place, runs) = await SceneAsync("Links");
        var person = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant[Role.DataScientist]);
        await person.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await person.OpenAsync($"{place}/compare?runs={string.Join(',', runs)}&plot=box&diff=params", inTenant: false);
        await person.Page.GetByRole(AriaRole.Heading, new() { Name = $"Compare {Runs} runs" }).WaitForAsync();
        var whole = person.Page.Url;

        await person.ClickAsync("Copy link");
        await person.Page.WaitForFunctionAsync("async () => (await navigator.clipboard.readText()).includes('/s/')"); // the button says so for a moment only
        var link = await person.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()");

        link.ShouldContain($"/t/{tenant.Slug}/s/");
        link.Length.ShouldBeLessThan(120);
        var colleague = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant[Role.Viewer]);
        await colleague.OpenAsync(link, inTenant: false);
        await colleague.Page.GetByRole(AriaRole.Heading, new() { Name = $"Compare {Runs} runs" }).WaitForAsync();
        colleague.Page.Url.ShouldBe(whole);

        // Who is no member of the project is led there too, and sees what she would have seen without the link.
        var outsider = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant.Outsider);
        await outsider.OpenAsync(link, inTenant: false);
        await outsider.Page.GetByRole(AriaRole.Heading, new() { Name = "There is nothing here" }).WaitForAsync();

        var elsewhere = await portal.TenantAsync("Elsewhere");
        var stranger = await Person.SignInAsync(chromium, portal.Portal, elsewhere, elsewhere[Role.DataScientist]);
        foreach (var address in new[] { link, link.Replace($"/t/{tenant.Slug}/", $"/t/{elsewhere.Slug}/", StringComparison.Ordinal) })
        {
            await stranger.OpenAsync(address, inTenant: false);
            await stranger.Page.GetByRole(AriaRole.Heading, new() { Name = "There is nothing here" }).WaitForAsync();
        }
    }

    [Fact]
    public async Task Columns_that_somebody_chose_are_there_again_and_a_link_says_which_it_means()
    {
        var (tenant, place, _) = await SceneAsync("Columns");
        var person = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant[Role.DataScientist]);
        await person.OpenAsync(place, inTenant: false);
        await Head(person, "rate").WaitForAsync();

        await person.ClickAsync("Columns");
        await person.Page.GetByRole(AriaRole.Checkbox, new() { Name = "rate", Exact = true }).UncheckAsync();
        await Head(person, "rate").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await person.ClickAsync("Done");
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Button, new() { Name = "Columns", Exact = true })).ToBeFocusedAsync();

        await person.OpenAsync(place, inTenant: false);
        await Head(person, "depth").WaitForAsync();
        (await Head(person, "rate").CountAsync()).ShouldBe(0);
        await person.OpenAsync(place + "?cols=usual", inTenant: false);
        await Head(person, "rate").WaitForAsync();
        var colleague = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant[Role.Viewer]);
        await colleague.OpenAsync(place, inTenant: false);
        await Head(colleague, "rate").WaitForAsync();

        static ILocator Head(Person who, string column) => who.Page.Locator("table.runs thead a").Filter(new() { HasTextRegex = new Regex($"^{column}$", RegexOptions.None, TimeSpan.FromSeconds(1)) });
    }

    [Fact]
    public async Task A_chart_is_downloaded_as_a_picture_that_says_what_it_shows()
    {
        var (tenant, place, _) = await SceneAsync("Pictures");
        var person = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant[Role.DataScientist]);
        await person.OpenAsync(place + "?view=charts", inTenant: false);

        var svg = await SaveAsync(person, "SVG");
        svg.Name.ShouldBe("loss.svg");
        var text = System.Text.Encoding.UTF8.GetString(svg.Bytes);
        text.ShouldStartWith("<svg xmlns=");
        var drawing = System.Xml.Linq.XDocument.Parse(text);
        var words = drawing.Descendants().Where(part => part.Name.LocalName is "title" or "text").Select(part => part.Value).ToList();
        words.ShouldSatisfyAllConditions(all => all[0].ShouldBe("loss"), all => all.ShouldContain("step"), all => all.ShouldContain("depth 3"), all => all.ShouldContain($"{Runs} runs"));
        drawing.Descendants().Count(part => part.Name.LocalName == "path" && part.Attribute("d")!.Value.StartsWith('M')).ShouldBeGreaterThanOrEqualTo(Runs); // a path has one
        text.ShouldNotContain("var(");
        text.ShouldNotContain("NaN");
        var png = await SaveAsync(person, "PNG");
        (png.Name, png.Bytes[1..4]).ShouldSatisfyAllConditions(file => file.Name.ShouldBe("loss.png"), file => file.Item2.ShouldBe("PNG"u8.ToArray()));
        await Assertions.Expect(person.Page.Locator("summary[aria-label='Download loss']")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task After_runs_are_deleted_and_restored_the_focus_is_on_the_page_and_not_nowhere()
    {
        var (tenant, place, _) = await SceneAsync("Focus");
        var person = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant[Role.DataScientist]);
        await person.OpenAsync(place, inTenant: false);

        await person.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Select depth 3" }).CheckAsync();
        await person.ClickAsync("Delete");
        await person.Page.Locator("dialog[open]").GetByText("For 30 days they can be restored").WaitForAsync();
        await person.ClickAsync("Delete");
        await person.Page.GetByText($"{Runs - 1} matching runs").WaitForAsync();
        await FocusedAsync(person);

        await person.OpenAsync(place + "?state=deleted", inTenant: false);
        await person.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Select depth 3" }).CheckAsync();
        await person.ClickAsync("Restore");
        await person.Page.GetByText("No deleted run").WaitForAsync();
        await FocusedAsync(person);

        static Task FocusedAsync(Person who) => who.Page.WaitForFunctionAsync("() => document.activeElement && document.activeElement !== document.body && !document.querySelector('dialog[open]')");
    }

    private static async Task<(string Name, byte[] Bytes)> SaveAsync(Person person, string kind)
    {
        await person.Page.Locator("summary[aria-label='Download loss']").ClickAsync();
        var download = await person.Page.RunAndWaitForDownloadAsync(() => person.Page.Locator(".chart-files[open]").GetByRole(AriaRole.Button, new() { Name = kind }).ClickAsync());
        await using var stream = await download.CreateReadStreamAsync();
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return (download.SuggestedFilename, bytes.ToArray());
    }

    /// <summary>A project of a tenant of its own, with runs.</summary>
    private async Task<(TestTenant Tenant, string Place, IReadOnlyList<string> Runs)> SceneAsync(string name)
    {
        var tenant = await portal.TenantAsync(name);
        var project = await tenant.ProjectAsync("Trials");
        var scientist = tenant[Role.DataScientist];
        var experiment = Modelling.Text(await scientist.PostAsync("/api/2.0/mlflow/experiments/create", new { name = "Depth", tags = new[] { new { key = "mlopsportal.project", value = project.Id } } }), "experiment_id");
        var runs = new List<string>();
        for (var depth = 1; depth <= Runs; depth++)
        {
            var run = await scientist.PostAsync("/api/2.0/mlflow/runs/create", new { experiment_id = experiment, run_name = $"depth {depth}", start_time = 1_700_000_000_000 + depth });
            runs.Add(Modelling.Text(run.GetProperty("run").GetProperty("info"), "run_id"));
            await scientist.PostAsync("/api/2.0/mlflow/runs/log-batch", new
            {
                run_id = runs[^1],
                @params = new[] { new { key = "depth", value = $"{depth}" }, new { key = "rate", value = $"0.{depth % 3}" } },
                metrics = Enumerable.Range(1, 5).Select(step => new { key = "loss", value = 1.0 / (step + depth), timestamp = 1_700_000_000_000 + step, step }).ToArray(),
            });
        }

        return (tenant, $"/t/{tenant.Slug}/projects/{project.Id}/experiments/{experiment}", runs);
    }
}
