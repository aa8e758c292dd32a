using Microsoft.Playwright;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>A data scientist's way: connect, see the first run arrive, search, compare.</summary>
[Collection<JourneyCollection>]
public sealed class ExperimentJourneyTests(PortalFixture portal, Chromium chromium, Furnished furnished)
{
    [Fact]
    public async Task The_first_run_turns_the_page_to_itself()
    {
        var tenant = await portal.TenantAsync("Connect");
        var project = await tenant.ProjectAsync("First steps");
        var scientist = tenant[Role.DataScientist];
        var experiment = Modelling.Text(await scientist.PostAsync("/api/2.0/mlflow/experiments/create", new { name = "First", tags = new[] { new { key = "mlopsportal.project", value = project.Id } } }), "experiment_id");
        var person = await Person.SignInAsync(chromium, portal.Portal, tenant, scientist);
        await person.OpenAsync($"/t/{tenant.Slug}/projects/{project.Id}/experiments/{experiment}", inTenant: false);

        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Make a token" }).ClickAsync();
        await person.Page.GetByText("token made").WaitForAsync();
        await Assertions.Expect(person.Page.Locator("pre.code").First).ToContainTextAsync($"/t/{tenant.Slug}");
        await person.Page.GetByText("Waiting for the first run").WaitForAsync();
        await scientist.PostAsync("/api/2.0/mlflow/runs/create", new { experiment_id = experiment, run_name = "hello" });

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
}
