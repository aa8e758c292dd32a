using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>A data scientist's way: connect, see the first run arrive, search, compare.</summary>
[Collection<JourneyCollection>]
public sealed partial class ExperimentJourneyTests(PortalFixture portal, Chromium chromium, Furnished furnished)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_run_turns_the_page_to_itself()
    {
        var tenant = await portal.TenantAsync("Connect");
        var project = await tenant.ProjectAsync("First steps");
        var scientist = tenant[Role.DataScientist];
        var experiment = Modelling.Text(await scientist.PostAsync("/api/2.0/mlflow/experiments/create", new { name = "It's \"first\"", tags = new[] { new { key = "mlopsportal.project", value = project.Id } } }), "experiment_id");
        var person = await Person.SignInAsync(chromium, portal.Portal, tenant, scientist);
        await person.OpenAsync($"/t/{tenant.Slug}/projects/{project.Id}/experiments/{experiment}", inTenant: false);

        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Make a token" }).ClickAsync();
        await person.Page.GetByText("token made").WaitForAsync();
        await Assertions.Expect(person.Page.Locator("pre.code").First).ToContainTextAsync("mlp_");
        await person.Page.GetByText("Waiting for the first run").WaitForAsync();
        var said = Snippet().Matches(await person.Page.Locator("pre.code").First.TextContentAsync() ?? "").ToDictionary(line => line.Groups["name"].Value, line => JsonSerializer.Deserialize<string>(line.Groups["value"].Value) ?? "", StringComparer.Ordinal);

        // What her code does now, with nothing but what stands on the page.
        using var code = portal.Portal.Client(said["TOKEN"]);
        using var found = await code.GetAsync(new Uri($"{said["URI"]}/api/2.0/mlflow/experiments/get-by-name?experiment_name={Uri.EscapeDataString(said["NAME"])}"), Stop);
        var id = Modelling.Text((await found.RequiredAsync()).GetProperty("experiment"), "experiment_id");
        id.ShouldBe(experiment);
        using var made = await code.PostAsJsonAsync(new Uri($"{said["URI"]}/api/2.0/mlflow/runs/create"), new { experiment_id = id, run_name = "hello" }, Stop);
        await made.RequiredAsync();

        await person.Page.GetByRole(AriaRole.Heading, new() { Name = "hello" }).WaitForAsync();
        person.Page.Url.ShouldContain("/runs/");
    }

    [Fact]
    public async Task A_search_points_at_the_faulty_character_and_ticked_runs_are_compared()
    {
        var home = await furnished.InAsync(portal.Portal);
        var person = await Person.SignInAsync(chromium, portal.Portal, home.Tenant, home.Tenant[Role.DataScientist]);
        await person.OpenAsync($"/t/{home.Tenant.Slug}/projects/{home.Project.Id}/experiments/{home.Things["experiments"]}?q={Uri.EscapeDataString("metrics.loss < 'x'")}", inTenant: false);

        await Assertions.Expect(person.Page.Locator(".run-fault mark")).ToHaveTextAsync("'x'");
        await person.Page.GetByLabel("Filter runs").FillAsync("params.depth = '3' OR params.depth = '4'");
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).Last.ClickAsync();
        await person.Page.GetByText("2 matching runs").WaitForAsync();
        await person.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Select depth 3" }).CheckAsync();
        await person.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Select depth 4" }).CheckAsync();
        await person.Page.GetByRole(AriaRole.Link, new() { Name = "Compare", Exact = true }).ClickAsync();

        await person.Page.GetByRole(AriaRole.Heading, new() { Name = "Compare 2 runs" }).WaitForAsync();
    }

    [GeneratedRegex("MLFLOW_(?:TRACKING|EXPERIMENT)_(?<name>[A-Z]+)\"\\] = (?<value>\".*\")", RegexOptions.None, 1000)]
    private static partial Regex Snippet();
}
