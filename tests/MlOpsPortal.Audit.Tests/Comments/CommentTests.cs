using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Audit.Tests.Comments;

/// <summary>Comments over HTTP: who reads, writes and hears of them.</summary>
public sealed class CommentTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Who_is_named_is_told_once_and_what_waits_for_her_says_so()
    {
        var tenant = await portal.TenantAsync("Named");
        var (scientist, owner) = (tenant[Role.DataScientist], tenant[Role.BusinessOwner]);
        var project = await tenant.ProjectAsync("Offers");

        var posted = await PostAsync(scientist, project, $"Is it the model? @{owner.Name}");
        posted.GetProperty("parts").EnumerateArray().Last().GetProperty("person").GetString().ShouldBe(owner.Id.ToString());

        var told = (await HeardAsync(owner, 1)).ShouldHaveSingleItem();
        told.GetProperty("kind").GetString().ShouldBe("mention");
        told.GetProperty("title").GetString().ShouldBe($"{scientist.Name} mentioned you on Offers");
        told.GetProperty("href").GetString().ShouldBe($"/projects/{project.Id}#comments");
        (await owner.GetAsync("/api/v1/work")).EnumerateArray().ShouldContain(item => item.GetProperty("kind").GetString() == "mention");

        // Said again with the same words: who was named before is not named anew.
        await scientist.PutAsync($"/api/v1/projects/{project.Id}/comments/{posted.GetProperty("id").GetString()}", new { text = $"It is the model. @{owner.Name} @{tenant[Role.RiskManager].Name}" });
        (await HeardAsync(tenant[Role.RiskManager], 1)).Count.ShouldBe(1);
        (await HeardAsync(owner, 1)).Count.ShouldBe(1);

        await owner.PostAsync($"/api/v1/inbox/{told.GetProperty("id").GetString()}/read", new { });
        (await owner.GetAsync("/api/v1/inbox/unread")).GetProperty("count").GetInt32().ShouldBe(0);
        (await owner.GetAsync("/api/v1/work")).EnumerateArray().ShouldNotContain(item => item.GetProperty("kind").GetString() == "mention");
    }

    [Fact]
    public async Task Who_may_not_see_the_project_is_not_told()
    {
        var tenant = await portal.TenantAsync("Hidden");
        var (scientist, viewer) = (tenant[Role.DataScientist], tenant[Role.Viewer]);
        var project = await TestTenant.ProjectOfAsync(scientist, "Secret");
        await tenant.Administrator.PutAsync($"/api/v1/projects/{project.Id}/members/{viewer.Id}", new { roles = Array.Empty<string>() });

        var posted = await PostAsync(scientist, project, $"@{tenant.Outsider.Name} and @{viewer.Name}");

        posted.GetProperty("parts").EnumerateArray().Count(part => part.GetProperty("person").ValueKind != JsonValueKind.Null).ShouldBe(1);
        (await HeardAsync(viewer, 1)).Count.ShouldBe(1); // told by the same event, so the outsider would have been by now
        (await HeardAsync(tenant.Outsider, 0)).ShouldBeEmpty();
    }

    /// <summary>Markup is text, and there is an end to it.</summary>
    [Fact]
    public async Task What_looks_like_markup_stays_text_and_what_is_too_long_is_refused()
    {
        var tenant = await portal.TenantAsync("Markup");
        var scientist = tenant[Role.DataScientist];
        var project = await tenant.ProjectAsync("Offers");
        const string Hostile = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) <script>alert(1)</script>";

        (await PostAsync(scientist, project, Hostile)).GetProperty("text").GetString().ShouldBe(Hostile);
        (await PostAsync(scientist, project, new string('ñ', 32 * 1024))).GetProperty("text").GetString()!.Length.ShouldBe(32 * 1024); // 64 kB of UTF-8

        foreach (var (text, status) in new[] { (new string('x', 64 * 1024 + 1), HttpStatusCode.RequestEntityTooLarge), ("", HttpStatusCode.BadRequest), ("a\u0000b", HttpStatusCode.BadRequest) })
        {
            using var refused = await scientist.Client.PostAsJsonAsync(Address(project), new { kind = "project", subject = project.Id, text });
            refused.StatusCode.ShouldBe(status);
        }

        using var session = await portal.Portal.SignInAsync(scientist);
        var page = await session.GetStringAsync($"/t/{tenant.Slug}/projects/{project.Id}");
        page.ShouldContain("&lt;img src=x onerror=alert(1)&gt;");
        page.ShouldNotContain("<img src=x");
        page.ShouldNotContain("href=\"javascript:");
    }

    [Fact]
    public async Task Everybody_changes_her_own_and_takes_it_back()
    {
        var tenant = await portal.TenantAsync("Own");
        var (scientist, owner) = (tenant[Role.DataScientist], tenant[Role.BusinessOwner]);
        var project = await tenant.ProjectAsync("Offers");
        var mine = $"{Address(project)}/{(await PostAsync(scientist, project, "First")).GetProperty("id").GetString()}";

        using (var foreign = await owner.Client.PutAsJsonAsync(mine, new { text = "Changed" }))
            (foreign.StatusCode, await foreign.CodeAsync()).ShouldBe((HttpStatusCode.Forbidden, "comments.not_yours"));
        (await scientist.PutAsync(mine, new { text = "Second" })).GetProperty("editedAt").ValueKind.ShouldNotBe(JsonValueKind.Null);
        await scientist.PostAsync(mine + "/archive", new { });
        (await ListAsync(owner, project)).ShouldBeEmpty();
        (await ListAsync(scientist, project)).ShouldHaveSingleItem().GetProperty("archived").GetBoolean().ShouldBeTrue();
        using (var foreign = await owner.Client.PostAsync(mine + "/restore", null))
            foreign.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await scientist.PostAsync(mine + "/restore", new { });
        (await ListAsync(owner, project)).ShouldHaveSingleItem().GetProperty("text").GetString().ShouldBe("Second");
        using var twice = await scientist.Client.PostAsync(mine + "/restore", null);
        twice.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_thing_of_another_kind_or_project_has_no_comments()
    {
        var tenant = await portal.TenantAsync("Kinds");
        var scientist = tenant[Role.DataScientist];
        var (project, other) = (await tenant.ProjectAsync("One"), await tenant.ProjectAsync("Two"));
        foreach (var query in new[] { $"?kind=project&subject={other.Id}", "?kind=nothing&subject=1", $"?kind=dataset&subject={project.Id}", "?kind=kpi&subject='%20OR%201=1" })
        {
            using var answer = await scientist.Client.GetAsync(Address(project) + query);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, query);
        }
    }

    [Fact]
    public async Task Pages_lose_and_repeat_nothing()
    {
        var tenant = await portal.TenantAsync("Many");
        var project = await tenant.ProjectAsync("Offers");
        for (var number = 0; number < 7; number++)
            await PostAsync(tenant[Role.Viewer], project, $"Number {number}");
        List<string> seen = [];
        string? cursor = null;
        do
        {
            var page = await tenant[Role.DataScientist].GetAsync($"{Address(project)}?kind=project&subject={project.Id}&limit=3{(cursor is null ? "" : "&cursor=" + cursor)}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(comment => comment.GetProperty("text").GetString() ?? ""));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);

        seen.ShouldBe([.. Enumerable.Range(0, 7).Reverse().Select(number => $"Number {number}")]);
    }

    private static string Address(TestProject project) => $"/api/v1/projects/{project.Id}/comments";

    private static Task<JsonElement> PostAsync(TestMember who, TestProject project, string text) => who.PostAsync(Address(project), new { kind = "project", subject = project.Id, text });

    private static async Task<List<JsonElement>> ListAsync(TestMember who, TestProject project) =>
        [.. (await who.GetAsync($"{Address(project)}?kind=project&subject={project.Id}")).GetProperty("items").EnumerateArray()];

    /// <summary>The inbox as soon as it holds so many mentions.</summary>
    private static async Task<List<JsonElement>> HeardAsync(TestMember who, int atLeast)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var told = (await who.GetAsync("/api/v1/inbox")).GetProperty("items").EnumerateArray().Where(item => item.GetProperty("kind").GetString() == "mention").ToList();
            if (told.Count >= atLeast)
                return told;
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
