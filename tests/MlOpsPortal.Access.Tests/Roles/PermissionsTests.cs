using System.Net;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using Npgsql;

namespace MlOpsPortal.Access.Tests.Roles;

public sealed class PermissionsTests
{
    [Fact]
    public async Task A_hidden_scope_an_unknown_one_and_another_tenants_read_the_same()
    {
        await using var portal = await TestAccess.StartAsync();
        var (here, there) = (await portal.TenantAsync("here"), await portal.TenantAsync("there"));
        var ada = await portal.PersonAsync(here, "ada", Role.DataScientist);
        var bob = await portal.PersonAsync(here, "bob", Role.DataScientist);
        var foreign = await portal.PersonAsync(there, "eve", Role.TenantAdministrator);
        var scope = new ScopeId(Guid.CreateVersion7());
        await portal.FoundAsync(ada.Caller, scope);

        (await ada.Http.GetAsync($"/api/probe/{scope}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var hidden = await bob.Http.GetAsync($"/api/probe/{scope}");
        var unknown = await bob.Http.GetAsync($"/api/probe/{Guid.CreateVersion7():n}");
        hidden.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        WithoutTrace(await hidden.Content.ReadAsStringAsync()).ShouldBe(WithoutTrace(await unknown.Content.ReadAsStringAsync()));

        // An administrator sees all that is in her own tenant; what is not there is not there for her either.
        var visible = await portal.Get<IPermissions>().VisibleScopesAsync(foreign.Caller, default);
        visible.All.ShouldBeTrue();
        var missing = await foreign.Http.GetAsync($"/api/v1/projects/{TestScopes.Missing}/members");
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        WithoutTrace(await missing.Content.ReadAsStringAsync()).ShouldBe(WithoutTrace(await unknown.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_refused_attempt_says_which_roles_it_needs_and_is_in_the_audit_trail()
    {
        await using var portal = await TestAccess.StartAsync();
        var viewer = await portal.PersonAsync(await portal.TenantAsync(), "vera", Role.Viewer);
        var refused = await viewer.Http.GetAsync("/api/probe");
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("data scientist, tenant administrator");
        (await portal.SqlAsync("SELECT subject_id FROM platform.audit WHERE action = 'access.attempt_refused' AND actor_name = 'vera'")).ShouldBe("probe.poke");
    }

    [Fact]
    public async Task Whoever_creates_a_scope_is_in_it_at_once()
    {
        await using var portal = await TestAccess.StartAsync();
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.DataScientist);
        var (scope, permissions) = (new ScopeId(Guid.CreateVersion7()), portal.Get<IPermissions>());
        (await permissions.DemandAsync(ada.Caller, scope, TestAccess.Probe, default)).IsOk.ShouldBeFalse();
        await portal.FoundAsync(ada.Caller, scope);
        (await permissions.DemandAsync(ada.Caller, scope, TestAccess.Probe, default)).IsOk.ShouldBeTrue();
        (await portal.SqlAsync("SELECT count(*) FROM access.scope_memberships")).ShouldBe(1L);
        (await portal.SqlAsync("SELECT count(*) FROM platform.audit WHERE action = 'scope_member.joined'")).ShouldBe(1L);
    }

    [Fact]
    public async Task A_unit_of_work_that_fails_makes_nobody_a_member()
    {
        await using var portal = await TestAccess.StartAsync();
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.DataScientist);
        var scope = new ScopeId(Guid.CreateVersion7());
        await Should.ThrowAsync<PostgresException>(() => portal.FoundAsync(ada.Caller, scope, scope));
        (await portal.Get<IPermissions>().DemandAsync(ada.Caller, scope, TestAccess.Probe, default)).IsOk.ShouldBeFalse();
        (await portal.SqlAsync("SELECT count(*) FROM access.scope_memberships")).ShouldBe(0L);
        (await portal.SqlAsync("SELECT count(*) FROM platform.audit WHERE action = 'scope_member.joined'")).ShouldBe(0L);
    }

    [Fact]
    public async Task The_portal_itself_may_everything()
    {
        await using var portal = await TestAccess.StartAsync();
        var caller = Caller.Portal((await portal.TenantAsync()).Id);
        (await portal.Get<IPermissions>().DemandAsync(caller, new ScopeId(Guid.CreateVersion7()), TestAccess.Probe, default)).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task A_role_taken_by_another_process_is_gone_within_five_seconds()
    {
        await using var portal = await TestAccess.StartAsync();
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.DataScientist);
        (await ada.Http.GetAsync("/api/probe")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await portal.SqlAsync("UPDATE access.memberships SET roles = '{Viewer}'");
        portal.Clock.Pass(TimeSpan.FromSeconds(5));
        (await ada.Http.GetAsync("/api/probe")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static string WithoutTrace(string problem) => System.Text.RegularExpressions.Regex.Replace(problem, "\"traceId\":\"[^\"]*\"", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
}
