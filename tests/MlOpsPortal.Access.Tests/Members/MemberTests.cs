using System.Net;
using MlOpsPortal.Access.Members;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Access.Tests.Members;

public sealed class MemberTests
{
    [Fact]
    public async Task Roles_change_with_the_version_that_was_seen_and_a_stale_one_is_refused()
    {
        await using var portal = await TestAccess.StartAsync();
        var tenant = await portal.TenantAsync();
        var root = await portal.PersonAsync(tenant, "root", Role.TenantAdministrator);
        var ada = await portal.PersonAsync(tenant, "ada", Role.Viewer);
        var path = $"/api/v1/members/{ada.Id}/roles";
        var changed = await (await root.Http.SendJsonAsync(HttpMethod.Put, path, new ChangeRoles([Role.DataScientist]), ("If-Match", "\"1\""))).ReadAsync<MemberView>();
        changed.Roles.ShouldBe([Role.DataScientist]);
        changed.Version.ShouldBe(2);
        (await ada.Http.GetAsync("/api/probe")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var stale = await root.Http.SendJsonAsync(HttpMethod.Put, path, new ChangeRoles([Role.Viewer]), ("If-Match", "\"1\""));
        stale.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await portal.SqlAsync("SELECT detail ->> 'after' FROM platform.audit WHERE action = 'member.roles_changed'")).ShouldBe("[\"dataScientist\"]");
        (await portal.SqlAsync("SELECT count(*) FROM platform.outbox WHERE type = 'member.roles_changed'")).ShouldBe(1L);
    }

    [Fact]
    public async Task Who_is_no_administrator_changes_nobody_and_roles_must_exist()
    {
        await using var portal = await TestAccess.StartAsync();
        var tenant = await portal.TenantAsync();
        var root = await portal.PersonAsync(tenant, "root", Role.TenantAdministrator);
        var ada = await portal.PersonAsync(tenant, "ada", Role.DataScientist);
        (await ada.Http.SendJsonAsync(HttpMethod.Put, $"/api/v1/members/{ada.Id}/roles", new ChangeRoles([Role.TenantAdministrator]))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await ada.Http.DeleteAsync($"/api/v1/members/{root.Id}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        foreach (var roles in new object[] { new { roles = Array.Empty<string>() }, new { roles = new[] { "superuser" } }, new { roles = new[] { 6 } }, new { } })
        {
            var refused = await root.Http.SendJsonAsync(HttpMethod.Put, $"/api/v1/members/{ada.Id}/roles", roles);
            refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await refused.CodeAsync()).ShouldBeOneOf("invalid", "body_unreadable", "body_incomplete");
        }
    }

    [Fact]
    public async Task Another_tenants_member_is_unknown_to_an_administrator()
    {
        await using var portal = await TestAccess.StartAsync();
        var root = await portal.PersonAsync(await portal.TenantAsync("here"), "root", Role.TenantAdministrator);
        var foreign = await portal.PersonAsync(await portal.TenantAsync("there"), "eve", Role.TenantAdministrator);
        foreach (var id in new[] { foreign.Id, new UserId(Guid.CreateVersion7()) })
        {
            (await root.Http.SendJsonAsync(HttpMethod.Put, $"/api/v1/members/{id}/roles", new ChangeRoles([Role.Viewer]))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await root.Http.SendJsonAsync(HttpMethod.Put, $"/api/v1/members/{id}/disabled", new DisableMember(true))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await root.Http.DeleteAsync($"/api/v1/members/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        var members = await (await root.Http.GetAsync("/api/v1/members")).ReadAsync<Page<MemberView>>();
        members.Items.Select(member => member.Name).ShouldBe(["root"]);
    }

    [Fact]
    public async Task A_tenant_keeps_its_last_administrator_also_when_two_remove_each_other_at_once()
    {
        await using var portal = await TestAccess.StartAsync();
        var tenant = await portal.TenantAsync();
        var (one, two) = (await portal.PersonAsync(tenant, "one", Role.TenantAdministrator), await portal.PersonAsync(tenant, "two", Role.TenantAdministrator));
        var answers = await Task.WhenAll(one.Http.DeleteAsync($"/api/v1/members/{two.Id}"), two.Http.DeleteAsync($"/api/v1/members/{one.Id}"));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        (await portal.SqlAsync("SELECT count(*) FROM access.memberships")).ShouldBe(1L);
        var left = answers[0].StatusCode == HttpStatusCode.OK ? one : two;
        foreach (var attempt in new[]
        {
            await left.Http.DeleteAsync($"/api/v1/members/{left.Id}"),
            await left.Http.SendJsonAsync(HttpMethod.Put, $"/api/v1/members/{left.Id}/roles", new ChangeRoles([Role.Viewer])),
            await left.Http.SendJsonAsync(HttpMethod.Put, $"/api/v1/members/{left.Id}/disabled", new DisableMember(true)),
        })
            (await attempt.CodeAsync()).ShouldBe("access.last_administrator");
    }

    [Fact]
    public async Task Members_come_in_pages_that_lose_and_repeat_nobody()
    {
        await using var portal = await TestAccess.StartAsync();
        var tenant = await portal.TenantAsync();
        var root = await portal.PersonAsync(tenant, "root", Role.TenantAdministrator);
        foreach (var name in new[] { "a", "b", "c", "d" })
            await portal.PersonAsync(tenant, name, Role.Viewer);
        List<string> seen = [];
        for (string? cursor = null, path = "/api/v1/members?limit=2"; path is not null; path = cursor is null ? null : $"/api/v1/members?limit=2&cursor={cursor}")
        {
            var page = await (await root.Http.GetAsync(path)).ReadAsync<Page<MemberView>>();
            seen.AddRange(page.Items.Select(member => member.Name));
            cursor = page.NextCursor;
        }

        seen.ShouldBe(["root", "a", "b", "c", "d"]);
    }

    [Fact]
    public async Task A_business_owner_brings_colleagues_into_her_project_but_makes_no_approvers()
    {
        await using var portal = await TestAccess.StartAsync();
        var tenant = await portal.TenantAsync();
        var olga = await portal.PersonAsync(tenant, "olga", Role.BusinessOwner);
        var ada = await portal.PersonAsync(tenant, "ada", Role.DataScientist);
        var scope = new ScopeId(Guid.CreateVersion7());
        await portal.FoundAsync(olga.Caller, scope);
        var path = $"/api/v1/projects/{scope}/members";
        (await ada.Http.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await olga.Http.SendJsonAsync(HttpMethod.Put, $"{path}/{ada.Id}", new ChangeRoles([Role.DataEngineer]))).StatusCode.ShouldBe(HttpStatusCode.OK);
        var members = await (await ada.Http.GetAsync(path)).ReadAsync<Page<ScopeMemberView>>();
        members.Items.Single(member => member.Name == "ada").ShouldSatisfyAllConditions(
            member => member.Roles.ShouldBe([Role.DataEngineer]), member => member.TenantRoles.ShouldBe([Role.DataScientist]));
        (await (await olga.Http.SendJsonAsync(HttpMethod.Put, $"{path}/{ada.Id}", new ChangeRoles([Role.RiskManager]))).CodeAsync()).ShouldBe("access.approvers_by_administrator");
        (await (await olga.Http.SendJsonAsync(HttpMethod.Put, $"{path}/{olga.Id}", new ChangeRoles([Role.DataScientist]))).CodeAsync()).ShouldBe("access.not_oneself");
        (await olga.Http.SendJsonAsync(HttpMethod.Put, $"{path}/{new UserId(Guid.CreateVersion7())}", new ChangeRoles([]))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await ada.Http.DeleteAsync($"{path}/{olga.Id}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await olga.Http.DeleteAsync($"{path}/{ada.Id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ada.Http.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
