using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using MlOpsPortal.Access.Members;
using MlOpsPortal.Access.Tokens;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Access.Tests.Tokens;

public sealed class TokenTests
{
    private static IssueToken Wanted(params Role[] roles) => new("notebook", DateTimeOffset.UtcNow.AddDays(30), roles.Length == 0 ? null : [.. roles]);

    [Fact]
    public async Task A_token_is_shown_once_and_stored_nowhere()
    {
        await using var portal = await TestAccess.StartAsync();
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.DataScientist);
        var issued = await ada.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/tokens", Wanted(), ("Idempotency-Key", "one"));
        issued.StatusCode.ShouldBe(HttpStatusCode.Created);
        var token = await issued.ReadAsync<TokenView>();
        (await portal.Client(token.Token!).GetAsync("/api/probe")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await (await ada.Http.GetAsync("/api/v1/tokens")).ReadAsync<Page<TokenView>>()).Items.ShouldAllBe(seen => seen.Token == null);
        (await portal.SqlAsync($"SELECT count(*) FROM platform.idempotency WHERE answer::text LIKE '%mlp_%'")).ShouldBe(0L);
        (await portal.SqlAsync($"SELECT count(*) FROM platform.audit WHERE detail::text LIKE '%mlp_%'")).ShouldBe(0L);

        var again = await ada.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/tokens", Wanted(), ("Idempotency-Key", "one"));
        again.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, "the moment of expiry differs: another request under the same key");
    }

    [Fact]
    public async Task The_same_request_again_makes_no_second_token_and_shows_no_secret()
    {
        await using var portal = await TestAccess.StartAsync();
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.DataScientist);
        var request = Wanted();
        var first = await (await ada.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/tokens", request, ("Idempotency-Key", "one"))).ReadAsync<TokenView>();
        var second = await (await ada.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/tokens", request, ("Idempotency-Key", "one"))).ReadAsync<TokenView>();
        second.Id.ShouldBe(first.Id);
        second.Token.ShouldBeNull();
    }

    [Fact]
    public async Task Basic_with_the_token_as_password_works_and_a_token_in_the_address_does_not()
    {
        await using var portal = await TestAccess.StartAsync();
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.DataScientist);
        using var basic = portal.Client();
        basic.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"anyone:{ada.Token}")));
        (await basic.GetAsync("/api/probe")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await portal.Client().GetAsync($"/api/probe?access_token={ada.Token}&token={ada.Token}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer mlp_")]
    [InlineData("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.")]
    [InlineData("Basic !!!")]
    [InlineData("Basic YWRtaW46YWRtaW4=")]
    [InlineData("Basic bm9jb2xvbg==")]
    [InlineData("Negotiate abc")]
    [InlineData("Bearer mlp_0000000000000000000000000000000000000000000000000000000000000000ffffffff")]
    public async Task What_is_no_token_in_force_is_401_as_a_problem(string header)
    {
        await using var portal = await TestAccess.StartAsync();
        using var client = portal.Client();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
        var refused = await client.GetAsync("/api/probe");
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await refused.CodeAsync()).ShouldBe("unauthenticated");
    }

    /// <summary>Attack 62.</summary>
    [Fact]
    public async Task A_clock_that_goes_back_an_hour_ends_no_token_makes_none_live_longer_and_none_older_than_nothing()
    {
        await using var portal = await TestAccess.StartAsync();
        var wall = portal.Clock;
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.DataScientist);
        var expiry = wall.GetUtcNow().AddMinutes(30);
        var token = await (await ada.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/tokens", Wanted() with { ExpiresAt = expiry })).ReadAsync<TokenView>();

        wall.Offset = TimeSpan.FromHours(-1);
        (await UseAsync()).ShouldBe(HttpStatusCode.OK);
        wall.Offset = TimeSpan.FromMinutes(5);
        (await UseAsync()).ShouldBe(HttpStatusCode.OK);
        wall.Offset = TimeSpan.FromMinutes(-55);
        (await UseAsync()).ShouldBe(HttpStatusCode.OK);

        var seen = (await (await ada.Http.GetAsync("/api/v1/tokens")).ReadAsync<Page<TokenView>>()).Items.Single(one => one.Id == token.Id);
        seen.LastUsedAt.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(seen.CreatedAt.AddMinutes(4), "what was noted later is not noted earlier again");
        wall.Offset = TimeSpan.FromMinutes(31);
        (await UseAsync()).ShouldBe(HttpStatusCode.Unauthorized);

        async Task<HttpStatusCode> UseAsync()
        {
            portal.Get<TokenDirectory>().Forget(token.Id);
            using var client = portal.Client(token.Token!); // it was just issued
            using var answer = await client.GetAsync("/api/probe");
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_revoked_an_expired_and_a_removed_members_token_are_401()
    {
        await using var portal = await TestAccess.StartAsync();
        var tenant = await portal.TenantAsync();
        var administrator = await portal.PersonAsync(tenant, "root", Role.TenantAdministrator);
        var ada = await portal.PersonAsync(tenant, "ada", Role.DataScientist);
        var bob = await portal.PersonAsync(tenant, "bob", Role.DataScientist);
        var kim = await portal.PersonAsync(tenant, "kim", Role.DataScientist);
        foreach (var person in new[] { ada, bob, kim })
            (await person.Http.GetAsync("/api/probe")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var token = (await (await ada.Http.GetAsync("/api/v1/tokens")).ReadAsync<Page<TokenView>>()).Items.Single();
        (await ada.Http.DeleteAsync($"/api/v1/tokens/{token.Id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ada.Http.GetAsync("/api/probe")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        (await administrator.Http.DeleteAsync($"/api/v1/members/{bob.Id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await bob.Http.GetAsync("/api/probe")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await portal.SqlAsync($"UPDATE access.tokens SET expires_at = now() - interval '1 second' WHERE user_id = '{kim.Id.Value}'");
        portal.Clock.Pass(TimeSpan.FromSeconds(5));
        (await kim.Http.GetAsync("/api/probe")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_narrowed_token_may_no_more_than_it_was_given_and_makes_no_wider_one()
    {
        await using var portal = await TestAccess.StartAsync();
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.TenantAdministrator, Role.MlOpsEngineer);
        var narrow = await (await ada.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/tokens", Wanted(Role.MlOpsEngineer))).ReadAsync<TokenView>();
        using var client = portal.Client(narrow.Token!);
        (await client.GetAsync("/api/probe")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await client.GetAsync("/api/v1/service-accounts")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await client.SendJsonAsync(HttpMethod.Post, "/api/v1/tokens", Wanted(Role.TenantAdministrator))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var child = await (await client.SendJsonAsync(HttpMethod.Post, "/api/v1/tokens", Wanted())).ReadAsync<TokenView>();
        child.Roles.ShouldBe([Role.MlOpsEngineer]);
    }

    [Fact]
    public async Task A_viewer_issues_no_token_and_nobody_one_for_more_than_a_year()
    {
        await using var portal = await TestAccess.StartAsync();
        var tenant = await portal.TenantAsync();
        var viewer = await portal.PersonAsync(tenant, "vera", Role.Viewer);
        var ada = await portal.PersonAsync(tenant, "ada", Role.DataScientist);
        (await viewer.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/tokens", Wanted())).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        foreach (var days in new[] { -1, 400 })
            (await ada.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/tokens", Wanted() with { ExpiresAt = DateTimeOffset.UtcNow.AddDays(days) })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await ada.Http.PostAsJsonAsync("/api/v1/tokens", new { name = "no expiry" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_service_account_works_by_its_token_and_another_persons_tokens_are_nobodys_business()
    {
        await using var portal = await TestAccess.StartAsync();
        var tenant = await portal.TenantAsync();
        var administrator = await portal.PersonAsync(tenant, "root", Role.TenantAdministrator);
        var ada = await portal.PersonAsync(tenant, "ada", Role.DataScientist);
        var service = await (await administrator.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/service-accounts", new CreateServiceAccount("nightly", [Role.DataScientist]))).ReadAsync<MemberView>();
        var token = await (await administrator.Http.SendJsonAsync(HttpMethod.Post, $"/api/v1/service-accounts/{service.User}/tokens", Wanted())).ReadAsync<TokenView>();
        (await portal.Client(token.Token!).GetAsync("/api/probe")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await administrator.Http.SendJsonAsync(HttpMethod.Post, $"/api/v1/service-accounts/{ada.Id}/tokens", Wanted())).StatusCode.ShouldBe(HttpStatusCode.NotFound, "a person's tokens are her own");
        (await ada.Http.DeleteAsync($"/api/v1/tokens/{token.Id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await portal.SqlAsync("SELECT last_used_at IS NOT NULL FROM access.tokens WHERE name = 'notebook'")).ShouldBe(true);
    }
}
