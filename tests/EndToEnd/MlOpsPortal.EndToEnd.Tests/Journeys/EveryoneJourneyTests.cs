using MlOpsPortal.LocalServices;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>What everybody has: My work, inbox, search, comments, jobs, archive.</summary>
[Collection<JourneyCollection>]
public sealed class EveryoneJourneyTests(PortalFixture portal, Chromium chromium)
{
    [Fact]
    public async Task A_comment_finds_its_reader_and_what_was_put_away_comes_back()
    {
        var tenant = await portal.TenantAsync("Everyone");
        var project = await tenant.ProjectAsync("Offers near you");
        var owner = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant[Role.BusinessOwner]);
        await owner.LookAsync("my-work-at-first");
        await owner.LeaveAloneAsync();

        var scientist = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant[Role.DataScientist]);
        await scientist.OpenAsync($"/projects/{project.Id}");
        await scientist.FillAsync(("Say something about this project", $"Week 36 is the third under target. Is it the model? @{tenant[Role.BusinessOwner].Name}"));
        await scientist.ClickAsync("Comment");
        await scientist.SeeAsync("Week 36 is the third under target.");
        await scientist.FillAsync(("Say something about this project", "<img src=x onerror=alert(1)> [a](javascript:alert(1))"));
        await scientist.ClickAsync("Comment");
        await scientist.SeeAsync("<img src=x onerror=alert(1)> [a](javascript:alert(1))");
        await scientist.LookAsync("project-with-comment");

        // Heard on a page that was left alone; read in the inbox.
        await owner.Page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "Inbox, 1 unread" }).WaitForAsync();
        await owner.SeeUnaskedAsync($"{tenant[Role.DataScientist].Name} mentioned you on Offers near you");
        await owner.LookAsync("my-work");
        await owner.OpenAsync("/inbox");
        await owner.LookAsync("inbox");
        await owner.ClickAsync("Mark all as read");
        await owner.SeeAsync("Everything is read.");

        // Search from the keyboard.
        await owner.Page.Keyboard.PressAsync("Control+k");
        await owner.Page.Keyboard.TypeAsync("offers");
        await owner.Page.GetByText("Enter shows everything found.").WaitForAsync();
        await owner.LookAsync("search-box");
        await owner.Page.Keyboard.PressAsync("Enter");
        await owner.ArriveAsync("/search\\?q=offers$");
        await owner.SeeAsync("One thing found.");
        await owner.LookAsync("search");

        await owner.OpenAsync($"/projects/{project.Id}");
        await owner.ClickAsync("Archive");
        await owner.FillAsync(("Why", "The season is over"));
        await owner.ClickAsync("Archive");
        await owner.SeeAsync("Offers near you is archived.");
        await owner.ClickAsync("Undo");
        await owner.SeeAsync("Offers near you is back.");
        await tenant[Role.BusinessOwner].PostAsync($"/api/v1/projects/{project.Id}/archive", new { reason = "once more" });
        await owner.OpenAsync("/archive");
        await owner.LookAsync("archive");
        await owner.ClickAsync("Bring back Offers near you");
        await owner.SeeAsync("Nothing is put away");
        await owner.OpenAsync("/jobs");
        await owner.LookAsync("jobs");

        owner.Findings.Concat(scientist.Findings).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_job_announces_itself_and_has_a_page()
    {
        var tenant = await portal.TenantAsync("Workers");
        var project = await tenant.ProjectAsync("Second reading");
        var member = tenant[Role.DataScientist];
        var scientist = await Person.SignInAsync(chromium, portal.Portal, tenant, member);

        await member.DatasetAsync(project, "samples", Path.Combine(Repository.Samples, "breast_cancer", "test.csv"), "test", "target");

        await scientist.SeeAsync(": done.");
        await scientist.FollowAsync("See job");
        await scientist.ArriveAsync("/jobs/[0-9a-f]{32}$");
        await scientist.SeeAsync("It is done.");
        // Asked for, begun, done, and what was between them: also for who comes later.
        await scientist.Page.GetByRole(Microsoft.Playwright.AriaRole.List, new() { Name = "Steps" }).GetByRole(Microsoft.Playwright.AriaRole.Listitem).Nth(3).WaitForAsync();
        await scientist.LookAsync("job");
        await scientist.OpenAsync("/jobs");
        await scientist.LookAsync("jobs-done");
        scientist.Findings.ShouldBeEmpty();
    }
}
