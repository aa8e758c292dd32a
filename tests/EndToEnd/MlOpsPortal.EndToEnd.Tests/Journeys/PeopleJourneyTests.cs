using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>An administrator's work, and what her colleagues see of it.</summary>
[Collection<JourneyCollection>]
public sealed class PeopleJourneyTests(PortalFixture portal, Chromium chromium)
{
    private readonly List<string> findings = [];

    [Fact]
    public async Task An_administrator_lets_somebody_in_gives_roles_and_finds_it_in_the_trail()
    {
        var tenant = await portal.TenantAsync("Hirers");
        var project = await tenant.ProjectAsync("Offers near you");
        var root = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant.Administrator);
        await root.OpenAsync("/members");
        await root.SeeAsync("Audit, last changes here");
        await root.LookAsync("members");

        await root.ClickAsync("Invite");
        await root.FillAsync(("E-mail", $"nora@{tenant.Slug}.example"));
        await root.ClickAsync("Make link");
        await root.SeeAsync("It works once, for 7 days");
        var link = Regex.Match(await root.Page.ContentAsync(), "http[^\"<]*/invitation/mli_[0-9a-f]+", RegexOptions.None, TimeSpan.FromSeconds(1)).Value;
        await root.ClickAsync("Close");
        await root.SeeAsync($"nora@{tenant.Slug}.example");

        var nora = await chromium.OpenAsync(portal.Url);
        await nora.GotoAsync(link);
        await nora.GetByLabel("Name").FillAsync("Nora Vale");
        await nora.GetByLabel("Password").FillAsync("a quiet long password");
        await nora.GetByRole(AriaRole.Button, new() { Name = "Join" }).ClickAsync();
        await nora.WaitForURLAsync("**/t/*");
        await nora.GotoAsync(link);
        await nora.GetByText("This invitation was used").WaitForAsync();

        await root.Page.GetByRole(AriaRole.Link, new() { Name = "Manage: Nora Vale" }).ClickAsync();
        await root.SeeAsync("What Nora Vale may do");
        await root.Page.GetByLabel("data scientist", new() { Exact = true }).CheckAsync();
        await root.ClickAsync("Save roles");
        await root.Page.GetByText("data scientist in the tenant").First.WaitForAsync();
        await root.ChooseAsync("Where", project.Name);
        await root.SeeAsync("She does not know that this project exists");
        await root.LookAsync("member");

        await AddToTeamAsync(root, project);
        await root.OpenAsync("/audit?kind=member");
        await root.FillAsync(("Object", "Nora"));
        await root.ClickAsync("Find");
        await root.ArriveAsync("object=Nora");
        await root.SeeAsync("roles changed");
        await root.LookAsync("audit");
        await root.Page.GetByRole(AriaRole.Link, new() { Name = "Show roles changed of Nora Vale" }).First.ClickAsync();
        await root.Page.GetByText("viewer, dataScientist").First.WaitForAsync();
        await root.LookAsync("audit-entry");
        await root.OpenAsync("/service-accounts");
        await root.ClickAsync("Make the first");
        await root.FillAsync(("Name", "nightly-build"));
        await root.ClickAsync("Make account");
        await root.SeeAsync("No token yet");
        await root.LookAsync("service-accounts");
        await root.OpenAsync("/me");
        await root.SeeAsync("this one");
        await root.LookAsync("profile");
        findings.AddRange(root.Findings);

        findings.ShouldBeEmpty();
    }

    /// <summary>Attack 15, on pages that are open. How soon is tried by a clock of its own, where it is decided; here it is that the page hears of it.</summary>
    [Fact]
    public async Task What_is_taken_away_leaves_an_open_page_by_itself()
    {
        var tenant = await portal.TenantAsync("Leavers");
        var project = await tenant.ProjectAsync("Returns by size");
        var (scientist, engineer) = (tenant[Role.DataScientist], tenant[Role.DataEngineer]);
        var removed = await Person.SignInAsync(chromium, portal.Portal, tenant, scientist);
        await removed.OpenAsync($"/projects/{project.Id}/datasets");
        await removed.SeeAsync("New dataset");
        await removed.LeaveAloneAsync();
        var disabled = await Person.SignInAsync(chromium, portal.Portal, tenant, engineer);
        await disabled.OpenAsync($"/projects/{project.Id}/datasets");
        await disabled.SeeAsync("New dataset");

        using (var left = await tenant.Administrator.Client.DeleteAsync($"/api/v1/projects/{project.Id}/members/{scientist.Id}"))
            left.EnsureSuccessStatusCode();
        await removed.SeeUnaskedAsync("There is nothing here");
        await Assertions.Expect(removed.Page.GetByText("New dataset")).ToHaveCountAsync(0);

        await tenant.Administrator.PutAsync($"/api/v1/members/{engineer.Id}/disabled", new { disabled = true });
        await disabled.Page.WaitForURLAsync("**/sign-in**");
        await disabled.OpenAsync("/projects");
        await disabled.Page.WaitForURLAsync("**/sign-in**");
        removed.Findings.ShouldBeEmpty();
    }

    private static async Task AddToTeamAsync(Person root, TestProject project)
    {
        await root.OpenAsync($"/projects/{project.Id}/members");
        await root.ClickAsync("Add member");
        await root.ChooseAsync("Member of the tenant", "Nora Vale");
        await root.ClickAsync("Add");
        await root.SeeAsync("Nora Vale");
        await root.LookAsync("team");
        await root.ClickAsync("Remove Nora Vale");
        await root.SeeAsync("The project disappears for her");
        await root.ClickAsync("Remove");
        await root.Page.GetByRole(AriaRole.Button, new() { Name = "Remove Nora Vale" }).WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }
}
