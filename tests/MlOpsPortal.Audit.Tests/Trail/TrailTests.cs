using System.Net;
using System.Text.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Audit.Tests.Trail;

/// <summary>The trail over HTTP: who reads what of it.</summary>
public sealed class TrailTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task An_administrator_finds_an_entry_by_person_object_action_and_time()
    {
        var tenant = await portal.TenantAsync("Finders");
        var (root, ada) = (tenant.Administrator, tenant[Role.DataScientist]);
        await root.PutAsync($"/api/v1/members/{ada.Id}/roles", new { roles = new[] { "dataScientist", "viewer" } });

        var found = await EntriesAsync(root, $"?object={ada.Id}&action=member.roles_changed");
        var entry = found.ShouldHaveSingleItem();
        entry.GetProperty("actorName").GetString().ShouldBe(root.Name);
        entry.GetProperty("detail").GetProperty("before")[0].GetString().ShouldBe("dataScientist");
        entry.GetProperty("detail").GetProperty("after").GetArrayLength().ShouldBe(2);

        (await EntriesAsync(root, $"?person={root.Id}&action=member.")).Count.ShouldBe(1);
        (await EntriesAsync(root, $"?person={Uri.EscapeDataString(root.Name)}&action=member.roles")).Count.ShouldBe(1);
        (await EntriesAsync(root, $"?kind=member&object={Uri.EscapeDataString(ada.Name)}&action=member.roles_changed")).Count.ShouldBe(1);
        (await EntriesAsync(root, $"?action=member.roles_changed&object={ada.Id}&from=2020-01-01T00:00:00Z&to=2021-01-01T00:00:00Z")).ShouldBeEmpty();
        (await EntriesAsync(root, $"?action=member.roles_changed&object={ada.Id}&from=2020-01-01T00:00:00Z")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_search_text_stands_for_itself_and_bad_ones_get_a_sentence()
    {
        var root = (await portal.TenantAsync("Texts")).Administrator;
        foreach (var text in new[] { "%", "_", "' OR 1=1 --", "\\", "a%b%c%d%" })
            (await EntriesAsync(root, $"?person={Uri.EscapeDataString(text)}")).ShouldBeEmpty(text);
        foreach (var query in new[] { $"?person={new string('x', 300)}", "?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", "?cursor=garbage", "?from=yesterday", "?limit=many" })
        {
            using var answer = await root.Client.GetAsync("/api/v1/audit" + query);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, query);
        }
    }

    [Fact]
    public async Task Pages_lose_and_repeat_nothing()
    {
        var tenant = await portal.TenantAsync("Pages");
        List<string> seen = [];
        string? cursor = null;
        do
        {
            var page = await tenant.Administrator.GetAsync($"/api/v1/audit?limit=3{(cursor is null ? "" : "&cursor=" + cursor)}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("id").GetString() ?? ""));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);

        seen.Count.ShouldBeGreaterThan(8);
        seen.ShouldBe([.. seen.Distinct().OrderDescending(StringComparer.Ordinal)]);
    }

    [Fact]
    public async Task Nobody_reads_of_another_tenant_or_of_a_project_that_is_hidden_from_her()
    {
        var (ours, theirs) = (await portal.TenantAsync("Ours"), await portal.TenantAsync("Theirs"));
        var project = await TestTenant.ProjectOfAsync(ours[Role.BusinessOwner], "Hidden");

        (await EntriesAsync(ours.Administrator, $"?project={project.Id}")).ShouldNotBeEmpty();
        (await EntriesAsync(theirs.Administrator, "")).ShouldAllBe(entry => !entry.ToString().Contains("Ours", StringComparison.Ordinal));
        (await EntriesAsync(ours[Role.RiskManager], "?kind=project")).ShouldBeEmpty();
        using (var hidden = await ours[Role.RiskManager].Client.GetAsync($"/api/v1/audit?project={project.Id}"))
            hidden.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        await ours.Administrator.PutAsync($"/api/v1/projects/{project.Id}/members/{ours[Role.RiskManager].Id}", new { roles = Array.Empty<string>() });
        (await EntriesAsync(ours[Role.RiskManager], $"?project={project.Id}")).ShouldNotBeEmpty();
        foreach (var role in new[] { Role.Viewer, Role.BusinessOwner, Role.DataScientist, Role.DataEngineer, Role.MlOpsEngineer })
        {
            using var refused = await ours[role].Client.GetAsync("/api/v1/audit");
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden, role.ToString());
        }
    }

    // attack 14: what a viewer tried and was refused stands in the trail.
    [Fact]
    public async Task What_was_refused_to_a_viewer_is_an_entry()
    {
        var tenant = await portal.TenantAsync("Refused");
        var project = await tenant.ProjectAsync("Guarded");
        var viewer = tenant[Role.Viewer];
        foreach (var attempt in new[]
        {
            await viewer.Client.DeleteAsync($"/api/v1/members/{tenant.Administrator.Id}"),
            await viewer.Client.PostAsync($"/api/v1/projects/{project.Id}/stages/BusinessUnderstanding/sign-off", Json("""{"comment":"mine"}""")),
            await viewer.Client.PostAsync($"/api/v1/projects/{project.Id}/archive", Json("""{"reason":"mine"}""")),
            await viewer.Client.PostAsync("/api/v1/tokens", Json($$"""{"name":"mine","expiresAt":"{{TimeProvider.System.GetUtcNow().AddDays(1):O}}"}""")),
        })
            attempt.StatusCode.ShouldBe(HttpStatusCode.Forbidden, attempt.RequestMessage?.RequestUri?.PathAndQuery);

        var refused = await EntriesAsync(tenant.Administrator, $"?person={viewer.Id}&action=access.attempt_refused");
        refused.Select(entry => entry.GetProperty("object").GetString())
            .ShouldBe(["access.issue_tokens", "projects.archive", "projects.sign_off", "access.manage_members"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_trail_goes_out_as_csv_and_that_is_an_entry()
    {
        var tenant = await portal.TenantAsync("Exporters");
        await TestTenant.ProjectOfAsync(tenant[Role.BusinessOwner], "=HYPERLINK(\"http://evil\")");
        using var answer = await tenant.Administrator.Client.GetAsync("/api/v1/audit/csv?kind=project");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("text/csv");
        var lines = (await answer.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldStartWith("time,person,");
        lines.Skip(1).ShouldAllBe(line => line.Contains("\"'=HYPERLINK(\"\"http://evil\"\")\"", StringComparison.Ordinal));
        (await EntriesAsync(tenant.Administrator, "?action=audit.exported")).Count.ShouldBe(1);
    }

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");

    private static async Task<List<JsonElement>> EntriesAsync(TestMember who, string query) => [.. (await who.GetAsync("/api/v1/audit" + query)).GetProperty("items").EnumerateArray()];
}
