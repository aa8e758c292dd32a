using MlOpsPortal.LocalServices;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>What everybody has: My work, inbox, search, comments, jobs, archive, and forms that lose nothing.</summary>
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
        await scientist.LookAsync("job");
        await scientist.OpenAsync("/jobs");
        await scientist.LookAsync("jobs-done");
        scientist.Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_typed_and_not_saved_is_back_after_the_browser_is_gone()
    {
        var tenant = await portal.TenantAsync("Drafts");
        var project = await tenant.ProjectAsync("Offers near you");
        const string Text = "Shoppers do not know of the offers near them.";
        var owner = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant[Role.BusinessOwner]);
        await owner.OpenAsync($"/projects/{project.Id}/business");
        await owner.ClickAsync("Edit The problem");

        // Not left, not saved: the keys are on their way while the cursor is still in the field.
        await owner.Field("The problem").PressSequentiallyAsync(Text);
        await owner.Page.WaitForResponseAsync(answer => answer.Url.Contains("/api/v1/drafts", StringComparison.Ordinal) && answer.Ok);
        await owner.Page.CloseAsync(new() { RunBeforeUnload = false });

        var again = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant[Role.BusinessOwner]);
        await again.OpenAsync($"/projects/{project.Id}/business");
        await again.SeeAsync("You have unsaved text here.");
        await again.LookAsync("draft-offered");
        await again.ClickAsync("Continue The problem");
        await again.SeeAsync("What you had not saved is back in the form.");
        (await again.Field("The problem").InputValueAsync()).ShouldBe(Text);
        await again.LookAsync("draft-back");

        await again.FillAsync(("What solving it is worth", "More sales in every shop."));
        await again.ClickAsync("Save");
        await again.SeeAsync("More sales in every shop.");
        await again.OpenAsync($"/projects/{project.Id}/business");
        await again.SeeAsync(Text);
        (await again.Page.GetByText("You have unsaved text here.").CountAsync()).ShouldBe(0);
        again.Findings.ShouldBeEmpty();
    }

    /// <summary>The portal cannot be reached while somebody types: the text waits in the browser and is there after a reload.</summary>
    [Fact]
    public async Task What_was_typed_without_a_connection_is_back_after_a_reload()
    {
        var tenant = await portal.TenantAsync("Offline");
        var project = await tenant.ProjectAsync("Offers near you");
        var viewer = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant[Role.Viewer]);
        await viewer.OpenAsync($"/projects/{project.Id}");
        await viewer.Page.Context.SetOfflineAsync(true);
        await viewer.Field("Say something about this project").PressSequentiallyAsync("Nobody hears me");
        await viewer.Page.WaitForFunctionAsync("() => Object.keys(localStorage).some(key => key.startsWith('draft:'))");
        await viewer.Page.Context.SetOfflineAsync(false);

        await viewer.OpenAsync($"/projects/{project.Id}");
        await viewer.SeeAsync("What you had not saved is back in the form.");
        (await viewer.Field("Say something about this project").InputValueAsync()).ShouldBe("Nobody hears me");
        await viewer.ClickAsync("Comment");
        await viewer.Page.Locator(".comment-text").GetByText("Nobody hears me").WaitForAsync();
    }
}
