using System.Collections.Immutable;
using System.Net;
using MlOpsPortal.Access.Members;
using MlOpsPortal.Access.Roles;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Access.Tests.Roles;

public sealed class EffectivePermissionsTests
{
    private static readonly ScopeId Scope = new(Guid.CreateVersion7());
    private static readonly PermissionList List = new("probe", [new Permission("probe.look", Permission.Everyone), new Permission("probe.poke", Role.DataScientist, Role.RiskManager)]);

    [Fact]
    public void A_permission_names_the_role_and_the_scope_that_give_it()
    {
        var (sees, roles) = EffectivePermissions.Roles(Standing([Role.Viewer], [Role.DataScientist]), Scope);

        sees.ShouldBeTrue();
        var poke = EffectivePermissions.Explain([List], roles)[1];
        poke.Allowed.ShouldBeTrue();
        poke.Because.ShouldBe([new GivenRole(Role.DataScientist, RoleSource.Project)]);
    }

    [Fact]
    public void What_is_not_allowed_names_the_roles_that_would_do()
    {
        var poke = EffectivePermissions.Explain([List], EffectivePermissions.Roles(Standing([Role.Viewer], []), Scope).Roles)[1];

        poke.Allowed.ShouldBeFalse();
        poke.Because.ShouldBeEmpty();
        poke.Needs.ShouldBe([Role.DataScientist, Role.RiskManager]);
    }

    [Fact]
    public void A_role_given_in_both_places_counts_by_both() =>
        EffectivePermissions.Roles(Standing([Role.DataScientist], [Role.DataScientist]), Scope).Roles
            .ShouldBe([new GivenRole(Role.DataScientist, RoleSource.Tenant), new GivenRole(Role.DataScientist, RoleSource.Project)]);

    [Fact]
    public void Who_is_no_member_sees_nothing_and_an_administrator_sees_by_that_role_alone()
    {
        EffectivePermissions.Roles(Standing([Role.DataScientist], null), Scope).ShouldBe((false, []));
        var (sees, roles) = EffectivePermissions.Roles(Standing([Role.TenantAdministrator, Role.DataScientist], null), Scope);
        sees.ShouldBeTrue();
        roles.ShouldBe([new GivenRole(Role.TenantAdministrator, RoleSource.Tenant)]);
    }

    [Fact]
    public async Task An_administrator_asks_about_anyone_and_everyone_about_herself()
    {
        await using var portal = await TestAccess.StartAsync();
        var tenant = await portal.TenantAsync();
        var root = await portal.PersonAsync(tenant, "root", Role.TenantAdministrator);
        var ada = await portal.PersonAsync(tenant, "ada", Role.DataScientist);
        var eve = await portal.PersonAsync(await portal.TenantAsync("there"), "eve", Role.TenantAdministrator);

        var mine = await (await ada.Http.GetAsync($"/api/v1/members/{ada.Id}/permissions")).ReadAsync<EffectivePermissionsView>();
        mine.Permissions.Single(one => one.Permission == "access.issue_tokens").Because.ShouldBe([new GivenRole(Role.DataScientist, RoleSource.Tenant)]);
        mine.Permissions.Single(one => one.Permission == "access.manage_members").Allowed.ShouldBeFalse();
        (await ada.Http.GetAsync($"/api/v1/members/{root.Id}/permissions")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await root.Http.GetAsync($"/api/v1/members/{ada.Id}/permissions")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await root.Http.GetAsync($"/api/v1/members/{eve.Id}/permissions")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await root.Http.GetAsync($"/api/v1/members/{ada.Id}/permissions?project={TestScopes.Missing}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        await root.Http.SendJsonAsync(HttpMethod.Put, $"/api/v1/members/{ada.Id}/disabled", new DisableMember(true));
        var kept = await (await root.Http.GetAsync($"/api/v1/members/{ada.Id}/permissions")).ReadAsync<EffectivePermissionsView>();
        kept.KeptOut.ShouldBeTrue();
        kept.Permissions.ShouldAllBe(one => !one.Allowed);
    }

    private static Standing Standing(Role[] tenant, Role[]? here) => new(
        "", [.. tenant], here is null ? [] : ImmutableDictionary<ScopeId, ImmutableHashSet<Role>>.Empty.Add(Scope, [.. here]));
}
