using System.Collections.Immutable;
using MlOpsPortal.Access.Roles;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Access.Tests.Roles;

public sealed class StandingTests
{
    private static readonly ScopeId Mine = new(Guid.CreateVersion7());
    private static readonly ScopeId Other = new(Guid.CreateVersion7());

    [Fact]
    public void A_member_of_a_scope_has_its_roles_and_the_tenants() =>
        Member(Role.DataScientist).In(Mine, only: null).ShouldBe([Role.DataScientist, Role.BusinessOwner], ignoreOrder: true);

    [Fact]
    public void A_scope_that_one_is_no_member_of_is_hidden_whatever_ones_roles() => Member(Role.DataScientist, Role.RiskManager, Role.MlOpsEngineer).In(Other, only: null).ShouldBeNull();

    [Fact]
    public void An_administrator_sees_every_scope_with_that_role_alone() =>
        Member(Role.TenantAdministrator, Role.DataScientist).In(Other, only: null).ShouldBe([Role.TenantAdministrator]);

    [Fact]
    public void A_narrowed_token_loses_the_other_roles_and_what_they_show()
    {
        var administrator = Member(Role.TenantAdministrator, Role.DataScientist);
        administrator.In(Other, [Role.DataScientist]).ShouldBeNull();
        administrator.In(Mine, [Role.DataScientist]).ShouldBe([Role.DataScientist]);
        administrator.InTenant([Role.RiskManager]).ShouldBeEmpty();
        administrator.Visible([Role.DataScientist]).All.ShouldBeFalse();
    }

    [Fact]
    public void Lists_show_an_administrator_everything_and_a_member_her_scopes()
    {
        Member(Role.TenantAdministrator).Visible(only: null).All.ShouldBeTrue();
        Member(Role.Viewer).Visible(only: null).ShouldSatisfyAllConditions(visible => visible.All.ShouldBeFalse(), visible => visible.Scopes.ShouldBe([Mine.Value]));
    }

    private static Standing Member(params ImmutableHashSet<Role> roles) =>
        new("stamp", roles, ImmutableDictionary<ScopeId, ImmutableHashSet<Role>>.Empty.Add(Mine, [Role.BusinessOwner]));
}
