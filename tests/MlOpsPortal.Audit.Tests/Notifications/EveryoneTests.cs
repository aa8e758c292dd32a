using System.Net;
using System.Net.Http.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Audit.Tests.Notifications;

/// <summary>Inbox, search, drafts and archive over HTTP.</summary>
public sealed class EveryoneTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Search_finds_what_one_may_see_and_nothing_else()
    {
        var (ours, theirs) = (await portal.TenantAsync("Seekers"), await portal.TenantAsync("Hiders"));
        var scientist = ours[Role.DataScientist];
        await ours.ProjectAsync("Churn 100% of_all");
        await TestTenant.ProjectOfAsync(ours[Role.BusinessOwner], "Churn nobody sees");
        await theirs.ProjectAsync("Churn elsewhere");

        (await FoundAsync(scientist, "churn")).ShouldBe(["Churn 100% of_all"]);
        (await FoundAsync(scientist, "for churn")).ShouldBe(["Churn 100% of_all"]); // every word, in name or summary, in any order
        (await FoundAsync(scientist, "churn unknown")).ShouldBeEmpty();
        (await FoundAsync(ours.Administrator, "churn")).ShouldBe(["Churn 100% of_all", "Churn nobody sees"]);
    }

    /// <summary>Wildcards stand for themselves, and there is an end to what is looked for.</summary>
    [Theory]
    [InlineData("' OR 1=1 --", 200)]
    [InlineData("100%", 200)]
    [InlineData("\\\\", 200)]
    [InlineData("%a%b%c%d%", 200)]
    [InlineData("((((a+)+)+)+)+$", 200)]
    [InlineData("", 400)]
    [InlineData("x", 400)]
    [InlineData("a b c d e f g h i", 400)]
    [InlineData("aa\u0000", 400)]
    public async Task A_hostile_search_is_bounded(string text, int status)
    {
        var tenant = await portal.TenantAsync("Hostile");
        await tenant.ProjectAsync("Offers 100%");
        using var answer = await tenant[Role.Viewer].Client.GetAsync("/api/v1/search?q=" + Uri.EscapeDataString(text));
        ((int)answer.StatusCode).ShouldBe(status);
        if (status == 200)
            (await FoundAsync(tenant[Role.Viewer], text)).Count.ShouldBe(text == "100%" ? 1 : 0);
    }

    [Fact]
    public async Task A_long_search_is_refused()
    {
        var tenant = await portal.TenantAsync("Long");
        foreach (var text in new[] { new string('x', 5_000), string.Join(' ', Enumerable.Range(0, 500)) })
        {
            using var answer = await tenant[Role.Viewer].Client.GetAsync("/api/v1/search?q=" + text);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task A_draft_is_its_writers_until_it_is_discarded()
    {
        var tenant = await portal.TenantAsync("Drafts");
        var (ada, bob) = (tenant[Role.DataScientist], tenant[Role.BusinessOwner]);
        const string Form = "/api/v1/drafts?form=%2Fprojects%2F1%23The%20problem";

        await ada.PutAsync(Form, new { fields = new Dictionary<string, string> { ["The problem"] = "It hurts\u0000 here" } });
        await ada.PutAsync(Form, new { fields = new Dictionary<string, string> { ["The problem"] = "It hurts there" } });

        (await ada.GetAsync(Form)).GetProperty("fields").GetProperty("The problem").GetString().ShouldBe("It hurts there");
        using (var foreign = await bob.Client.GetAsync(Form))
            foreign.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using (var large = await ada.Client.PutAsJsonAsync(Form, new { fields = new Dictionary<string, string> { ["a"] = new('x', 300 * 1024) } }))
            large.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        using (var gone = await ada.Client.DeleteAsync(Form))
            gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var after = await ada.Client.GetAsync(Form);
        after.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_was_put_away_is_listed_and_comes_back_if_its_name_is_free()
    {
        var tenant = await portal.TenantAsync("Archivists");
        var owner = tenant[Role.BusinessOwner];
        var project = await tenant.ProjectAsync("Offers");
        await owner.PostAsync($"/api/v1/projects/{project.Id}/archive", new { reason = "not now" });
        (await ArchivedAsync(owner)).ShouldBe(["Offers"]);
        (await ArchivedAsync(tenant.Outsider)).ShouldBeEmpty();

        var namesake = await tenant.ProjectAsync("Offers");
        using (var taken = await owner.Client.PostAsync($"/api/v1/projects/{project.Id}/restore", null))
            (taken.StatusCode, await taken.CodeAsync()).ShouldBe((HttpStatusCode.Conflict, "projects.name_taken"));
        await owner.PostAsync($"/api/v1/projects/{namesake.Id}/archive", new { reason = "twice" });
        await owner.PostAsync($"/api/v1/projects/{project.Id}/restore", new { });
        (await ArchivedAsync(owner)).Count.ShouldBe(1);
        using var again = await owner.Client.PostAsync($"/api/v1/projects/{project.Id}/restore", null);
        (again.StatusCode, await again.CodeAsync()).ShouldBe((HttpStatusCode.Conflict, "archive.not_archived"));
    }

    [Fact]
    public async Task A_wish_about_mail_is_kept_though_no_server_is_configured()
    {
        var viewer = (await portal.TenantAsync("Wishes"))[Role.Viewer];
        (await viewer.GetAsync("/api/v1/inbox/settings")).GetProperty("mailConfigured").GetBoolean().ShouldBeFalse();
        await viewer.PutAsync("/api/v1/inbox/settings", new { mail = "nothing" });
        (await viewer.GetAsync("/api/v1/inbox/settings")).GetProperty("mail").GetString().ShouldBe("nothing");
        using var unknown = await viewer.Client.PutAsJsonAsync("/api/v1/inbox/settings", new { mail = "sometimes" });
        unknown.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static async Task<List<string?>> FoundAsync(TestMember who, string text) =>
        [.. (await who.GetAsync("/api/v1/search?q=" + Uri.EscapeDataString(text))).EnumerateArray().Select(hit => hit.GetProperty("title").GetString())];

    private static async Task<List<string?>> ArchivedAsync(TestMember who) => [.. (await who.GetAsync("/api/v1/archive")).EnumerateArray().Select(thing => thing.GetProperty("name").GetString())];
}
