using System.Net;
using MlOpsPortal.Access.Members;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Access.Tests.Members;

public sealed class MemberLeavingTests
{
    private static readonly UserId Ada = new(Guid.CreateVersion7());
    private static readonly UserId Ben = new(Guid.CreateVersion7());
    private static readonly ScopeId One = new(Guid.CreateVersion7());

    [Fact]
    public void A_role_that_nobody_else_of_the_team_has_is_a_gap() =>
        MemberLeavingDesk.Gaps(Ada, [Role.DataScientist], new Dictionary<UserId, IReadOnlyCollection<Role>> { [Ben] = [Role.BusinessOwner] }, [(One, Ada, [Role.BusinessOwner]), (One, Ben, [])])
            .ShouldBe([new RoleGap(One, Role.DataScientist)]);

    [Fact]
    public void Who_is_kept_out_fills_no_gap() =>
        MemberLeavingDesk.Gaps(Ada, [Role.RiskManager], new Dictionary<UserId, IReadOnlyCollection<Role>>(), [(One, Ada, []), (One, Ben, [Role.RiskManager])])
            .ShouldBe([new RoleGap(One, Role.RiskManager)]);

    [Fact]
    public async Task An_administrator_sees_what_breaks_before_she_removes_somebody()
    {
        await using var portal = await TestAccess.StartAsync();
        var tenant = await portal.TenantAsync();
        var root = await portal.PersonAsync(tenant, "root", Role.TenantAdministrator);
        var ada = await portal.PersonAsync(tenant, "ada", Role.DataScientist);
        await portal.FoundAsync(ada.Caller, One);

        var look = await (await root.Http.GetAsync($"/api/v1/members/{ada.Id}/leaving")).ReadAsync<MemberLeaving>();
        look.Projects.ShouldBe(1);
        look.Tokens.ShouldBe(["test"]);
        look.Gaps.ShouldBe([new RoleGap(One, Role.DataScientist)]);
        look.LastAdministrator.ShouldBeFalse();
        (await (await root.Http.GetAsync($"/api/v1/members/{root.Id}/leaving")).ReadAsync<MemberLeaving>()).LastAdministrator.ShouldBeTrue();
        (await ada.Http.GetAsync($"/api/v1/members/{ada.Id}/leaving")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
