using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MlOpsPortal.Access.Members;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Access.Tenants;
using MlOpsPortal.Access.Tokens;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access.Tests.Tenants;

/// <summary>Who keeps the tenants, and who does not.</summary>
public sealed class OperatorTests
{
    [Fact]
    public async Task An_operator_makes_a_tenant_whose_administrator_comes_by_invitation()
    {
        await using var portal = await TestAccess.StartAsync();
        var keeper = await KeeperAsync(portal);
        var made = await (await keeper.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/tenants", new CreateTenant("Birch Bank", "birch", "root@birch.example", new TenantLimits(Members: 3)))).ReadAsync<TenantMade>();

        var accepted = await portal.Client().SendJsonAsync(HttpMethod.Post, "/api/v1/invitations/accept", new AcceptInvitation(made.InvitationToken, "Root", TestAccess.Password));
        accepted.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await portal.SignInAsync("root@birch.example", TestAccess.Password, "birch")).Status.ShouldBe(HttpStatusCode.OK);
        var tenants = await (await keeper.Http.GetAsync("/api/v1/tenants")).ReadAsync<Page<TenantView>>();
        tenants.Items.Single(tenant => tenant.Slug == "birch").ShouldSatisfyAllConditions(
            tenant => tenant.Members.ShouldBe(1), tenant => tenant.State.ShouldBe(TenantState.Active), tenant => tenant.Limits.Members.ShouldBe(3));
    }

    /// <summary>Attack 54, over the wire.</summary>
    [Theory]
    [InlineData("Acme", "admin", "slug")]
    [InlineData("Acme", "..", "slug")]
    [InlineData("Acme", "аcme", "slug")] // the first letter is Cyrillic
    [InlineData("Acme", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "slug")]
    [InlineData("", "fine", "name")]
    public async Task A_name_outside_the_list_of_what_is_allowed_is_refused(string name, string slug, string field)
    {
        await using var portal = await TestAccess.StartAsync();
        var keeper = await KeeperAsync(portal);
        using var refused = await keeper.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/tenants", new CreateTenant(name, slug, "root@acme.example"));
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe(field);
        (await portal.SqlAsync("SELECT count(*) FROM access.tenants")).ShouldBe(1L);
    }

    [Fact]
    public async Task A_suspended_tenants_members_are_told_so_and_come_back_when_it_is_resumed()
    {
        await using var portal = await TestAccess.StartAsync();
        var keeper = await KeeperAsync(portal);
        var tenant = await portal.TenantAsync("birch");
        var ada = await portal.PersonAsync(tenant, "ada", Role.DataScientist);
        (await ada.Http.GetAsync("/api/probe")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await keeper.Http.SendJsonAsync(HttpMethod.Post, $"/api/v1/tenants/{tenant.Id}/suspend", new SuspendTenant("The invoice of May is open."))).StatusCode.ShouldBe(HttpStatusCode.OK);
        var answer = await ada.Http.GetAsync("/api/probe");
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("code").GetString().ShouldBe("access.tenant_suspended");
        problem.GetProperty("detail").GetString()!.ShouldContain("The invoice of May is open.");
        (await portal.Get<TenantDesk>().SuspendedOfAsync(ada.Id, default)).Single().Because.ShouldBe("The invoice of May is open.");

        // A request that got in a moment before hears the same at its first question.
        var late = await portal.Get<IPermissions>().DemandAsync(ada.Caller, TestAccess.Probe, default);
        late.Refusal.ShouldBeOfType<Forbidden>().Code.ShouldBe("access.tenant_suspended");
        late.Refusal.Args.ShouldBe([tenant.Name, "The invoice of May is open."]);

        await keeper.Http.SendJsonAsync(HttpMethod.Post, $"/api/v1/tenants/{tenant.Id}/resume", new { });
        (await ada.Http.GetAsync("/api/probe")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await portal.SqlAsync("SELECT string_agg(action, ' ' ORDER BY id) FROM platform.audit WHERE action LIKE 'tenant.%ed' AND subject_name = 'Tenant birch'")).ShouldBe("tenant.created tenant.suspended tenant.resumed");
    }

    [Fact]
    public async Task Nobody_else_keeps_tenants_and_a_narrowed_token_of_an_operator_does_not()
    {
        await using var portal = await TestAccess.StartAsync();
        var keeper = await KeeperAsync(portal);
        var tenant = await portal.TenantAsync("birch");
        var root = await portal.PersonAsync(tenant, "root", Role.TenantAdministrator);
        var narrowed = await (await keeper.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/tokens", new IssueToken("narrow", DateTimeOffset.UtcNow.AddDays(1), [Role.TenantAdministrator]))).ReadAsync<TokenView>();
        foreach (var http in new[] { root.Http, portal.Client(narrowed.Token!) })
        {
            foreach (var (method, path, body) in new (HttpMethod, string, object)[]
            {
                (HttpMethod.Post, "/api/v1/tenants", new CreateTenant("Mine", "mine", "eve@acme.example")), (HttpMethod.Post, $"/api/v1/tenants/{tenant.Id}/suspend", new SuspendTenant("no")),
                (HttpMethod.Post, $"/api/v1/tenants/{tenant.Id}/resume", new { }), (HttpMethod.Put, $"/api/v1/tenants/{tenant.Id}/limits", new TenantLimits(Members: 1)),
            })
                (await http.SendJsonAsync(method, path, body)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
            (await http.GetAsync("/api/v1/tenants")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }

        (await keeper.Http.GetAsync($"/api/v1/members/{root.Id}/leaving")).StatusCode.ShouldBe(HttpStatusCode.NotFound); // an operator is nobody in a tenant that is not hers
    }

    [Fact]
    public async Task A_limit_of_members_counts_who_is_invited()
    {
        await using var portal = await TestAccess.StartAsync();
        var keeper = await KeeperAsync(portal);
        var tenant = await portal.TenantAsync("birch");
        var root = await portal.PersonAsync(tenant, "root", Role.TenantAdministrator);
        (await (await keeper.Http.SendJsonAsync(HttpMethod.Put, $"/api/v1/tenants/{tenant.Id}/limits", new TenantLimits(Members: 0))).CodeAsync()).ShouldBe("invalid");
        (await keeper.Http.SendJsonAsync(HttpMethod.Put, $"/api/v1/tenants/{tenant.Id}/limits", new TenantLimits(Members: 2))).StatusCode.ShouldBe(HttpStatusCode.OK);

        var invited = await (await root.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/invitations", new Invite("a@birch.example", [Role.Viewer]))).ReadAsync<InvitationView>();
        (await (await root.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/invitations", new Invite("b@birch.example", [Role.Viewer]))).CodeAsync()).ShouldBe("access.member_limit");
        (await (await root.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/service-accounts", new CreateServiceAccount("robot", [Role.Viewer]))).CodeAsync()).ShouldBe("access.member_limit");
        await root.Http.DeleteAsync($"/api/v1/invitations/{invited.Id}");
        (await root.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/invitations", new Invite("b@birch.example", [Role.Viewer]))).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_limit_of_requests_holds_for_the_tenant_and_not_for_others()
    {
        await using var portal = await TestAccess.StartAsync();
        var keeper = await KeeperAsync(portal);
        var tenant = await portal.TenantAsync("birch");
        var ada = await portal.PersonAsync(tenant, "ada", Role.DataScientist);
        await keeper.Http.SendJsonAsync(HttpMethod.Put, $"/api/v1/tenants/{tenant.Id}/limits", new TenantLimits(RequestsPerMinute: 10));

        var answers = await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => ada.Http.GetAsync("/api/probe")));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ShouldBe(5);
        answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).Headers.RetryAfter.ShouldNotBeNull();
        (await keeper.Http.GetAsync("/api/v1/tenants")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<Person> KeeperAsync(TestAccess portal)
    {
        var keeper = await portal.PersonAsync(await portal.TenantAsync("keepers"), "keeper", Role.TenantAdministrator);
        (await portal.Get<AccountDesk>().MakeOperatorAsync(keeper.Id, default)).ShouldBeTrue();
        return keeper;
    }
}
