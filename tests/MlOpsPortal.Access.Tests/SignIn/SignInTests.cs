using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Access.Members;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Access.Tests.SignIn;

public sealed class SignInTests
{
    [Fact]
    public async Task The_cookie_opens_the_one_tenant_it_names_and_scripts_do_not_see_it()
    {
        await using var portal = await TestAccess.StartAsync();
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.DataScientist);
        var (status, cookie, set) = await portal.SignInAsync(ada.Email.ToUpperInvariant(), TestAccess.Password);
        status.ShouldBe(HttpStatusCode.OK);
        set.ShouldContain("httponly", Case.Insensitive);
        set.ShouldContain("samesite=lax", Case.Insensitive);
        set.ShouldNotContain("secure", Case.Insensitive); // plain http on this very machine
        var me = await (await GetAsync(portal, "/api/v1/me", cookie)).ReadAsync<MeView>();
        me.ShouldSatisfyAllConditions(view => view.Name.ShouldBe("ada"), view => view.Tenant.Slug.ShouldBe("acme"), view => view.Roles.ShouldBe([Role.DataScientist]));
    }

    [Fact]
    public async Task An_unknown_e_mail_a_wrong_password_and_a_service_read_the_same()
    {
        await using var portal = await TestAccess.StartAsync();
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.DataScientist);
        foreach (var (email, password) in new[] { (ada.Email, "wrong wrong wrong"), ("nobody@acme.example", TestAccess.Password), ("admin", "admin"), ("", ""), (ada.Email, new string('x', 5000)) })
        {
            using var answer = await portal.Client().PostAsJsonAsync("/probe/sign-in", new { email, password, slug = "acme" });
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await answer.CodeAsync()).ShouldBe("access.wrong_credentials");
        }
    }

    [Fact]
    public async Task Whoever_is_asked_for_the_answer_and_the_work_are_the_same()
    {
        await using var portal = await TestAccess.StartAsync(("Access:LockOutAfter", "3"));
        var tenant = await portal.TenantAsync();
        var ada = await portal.PersonAsync(tenant, "ada", Role.DataScientist);
        var resting = await portal.PersonAsync(tenant, "resting", Role.DataScientist);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => portal.SignInAsync(resting.Email, "wrong wrong wrong")));
        var hasher = new CountingHasher(portal.Get<IPasswordHasher<Account>>());
        var desk = new AccountDesk(portal.Get<IServiceScopeFactory>(), portal.Get<Accounts>(), hasher, portal.Get<IOptions<AccessOptions>>(), TimeProvider.System);
        var bodies = new List<string>();
        foreach (var email in new[] { "nobody@acme.example", ada.Email, resting.Email })
        {
            (await desk.VerifyAsync(email, "wrong wrong wrong", default)).IsOk.ShouldBeFalse();
            using var answer = await portal.Client().PostAsJsonAsync("/probe/sign-in", new { email, password = "wrong wrong wrong", slug = "acme" });
            var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject(); // a problem is an object
            body.Remove("traceId");
            bodies.Add($"{(int)answer.StatusCode} {body.ToJsonString()} {string.Join(' ', answer.Headers.Where(header => header.Key != "Date").Select(header => header.Key))}");
        }

        bodies.Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        hasher.Iterations.Count.ShouldBe(3);
        hasher.Iterations.Distinct().ShouldHaveSingleItem().ShouldBe(210_000);
    }

    [Fact]
    public async Task Too_many_wrong_passwords_rest_the_account_and_the_right_one_is_then_refused_alike()
    {
        await using var portal = await TestAccess.StartAsync(("Access:LockOutAfter", "3"));
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.DataScientist);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => portal.SignInAsync(ada.Email, "wrong wrong wrong")));
        (await portal.SignInAsync(ada.Email, TestAccess.Password)).Status.ShouldBe(HttpStatusCode.BadRequest);
        await portal.SqlAsync("UPDATE access.accounts SET lockout_end = now() - interval '1 second'");
        (await portal.SignInAsync(ada.Email, TestAccess.Password)).Status.ShouldBe(HttpStatusCode.OK);
        (await portal.SqlAsync("SELECT access_failed_count FROM access.accounts")).ShouldBe(0);
    }

    [Fact]
    public async Task One_address_has_so_many_tries_a_minute_whichever_account_they_are_for()
    {
        await using var portal = await TestAccess.StartAsync(("Access:SignInsPerMinute", "5"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => portal.SignInAsync($"person{number}@acme.example", "one password for all")));
        answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests).ShouldBe(3);
    }

    [Fact]
    public async Task A_flipped_cookie_signs_out_and_breaks_nothing()
    {
        await using var portal = await TestAccess.StartAsync();
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.DataScientist);
        var (_, cookie, _) = await portal.SignInAsync(ada.Email, TestAccess.Password);
        var from = cookie.IndexOf('=', StringComparison.Ordinal) + 1;
        for (var at = from; at < cookie.Length - 2; at++)
        {
            var flipped = cookie[..at] + (cookie[at] == 'A' ? 'B' : 'A') + cookie[(at + 1)..];
            (await GetAsync(portal, "/api/v1/me", flipped)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task A_session_ends_within_five_seconds_when_its_member_is_disabled_or_the_tenant_suspended()
    {
        await using var portal = await TestAccess.StartAsync();
        var tenant = await portal.TenantAsync();
        var root = await portal.PersonAsync(tenant, "root", Role.TenantAdministrator);
        var ada = await portal.PersonAsync(tenant, "ada", Role.DataScientist);
        var (_, cookie, _) = await portal.SignInAsync(ada.Email, TestAccess.Password);
        var (_, rootCookie, _) = await portal.SignInAsync(root.Email, TestAccess.Password);
        (await GetAsync(portal, "/api/v1/me", cookie)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await root.Http.SendJsonAsync(HttpMethod.Put, $"/api/v1/members/{ada.Id}/disabled", new DisableMember(true))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await GetAsync(portal, "/api/v1/me", cookie)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await portal.SqlAsync("UPDATE access.tenants SET state = 'Suspended'");
        portal.Clock.Pass(TimeSpan.FromSeconds(5));
        (await GetAsync(portal, "/api/v1/me", rootCookie)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_cookie_speaks_for_nothing_that_comes_from_another_site()
    {
        await using var portal = await TestAccess.StartAsync();
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.DataScientist);
        var (_, cookie, _) = await portal.SignInAsync(ada.Email, TestAccess.Password);
        (await PostAsync(portal, cookie)).ShouldBe(HttpStatusCode.Forbidden);
        (await PostAsync(portal, cookie, ("Origin", "https://evil.example"))).ShouldBe(HttpStatusCode.Forbidden);
        (await PostAsync(portal, cookie, ("Origin", "null"))).ShouldBe(HttpStatusCode.Forbidden);
        (await PostAsync(portal, cookie, ("Sec-Fetch-Site", "cross-site"))).ShouldBe(HttpStatusCode.Forbidden);
        (await PostAsync(portal, cookie, ("Sec-Fetch-Site", "same-site"))).ShouldBe(HttpStatusCode.Forbidden);
        (await PostAsync(portal, cookie, ("Origin", portal.Url.GetLeftPart(UriPartial.Authority)))).ShouldBe(HttpStatusCode.OK);
        (await PostAsync(portal, cookie, ("Sec-Fetch-Site", "same-origin"))).ShouldBe(HttpStatusCode.OK);
        (await ada.Http.PostAsync("/api/probe", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(portal, HttpMethod.Get, "/page", cookie, ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Origin", "https://evil.example"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_api_never_redirects_and_a_page_leads_to_the_sign_in()
    {
        await using var portal = await TestAccess.StartAsync();
        (await SendAsync(portal, HttpMethod.Get, "/api/v1/me", "", ("Accept", "text/html"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var page = await SendAsync(portal, HttpMethod.Get, "/page", "", ("Accept", "text/html"));
        page.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        page.Headers.Location!.PathAndQuery.ShouldBe("/sign-in?returnUrl=%2Fpage");
        (await SendAsync(portal, HttpMethod.Get, "/page", "")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_person_without_a_membership_comes_in_nowhere()
    {
        await using var portal = await TestAccess.StartAsync();
        (await portal.Get<AccountDesk>().CreateAsync("lone@acme.example", "Lone", TestAccess.Password, default)).Required();
        var (status, cookie, _) = await portal.SignInAsync("lone@acme.example", TestAccess.Password);
        status.ShouldBe(HttpStatusCode.OK);
        var refused = await GetAsync(portal, "/api/v1/me", cookie);
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await refused.CodeAsync()).ShouldBe("access.no_tenant");
        (await SendAsync(portal, HttpMethod.Get, "/page", cookie, ("Accept", "text/html"))).Headers.Location!.AbsolutePath.ShouldBe("/no-tenant");
    }

    [Fact]
    public async Task Signing_in_goes_to_the_tenant_of_the_address_if_one_is_a_member_there()
    {
        await using var portal = await TestAccess.StartAsync();
        var (alpha, beta) = (await portal.TenantAsync("alpha"), await portal.TenantAsync("beta"));
        await portal.TenantAsync("gamma");
        var account = (await portal.Get<AccountDesk>().CreateAsync("ada@x.example", "Ada", TestAccess.Password, default)).Required();
        await portal.JoinAsync(alpha, account, Role.Viewer);
        await portal.JoinAsync(beta, account, Role.DataScientist);
        foreach (var (wanted, got) in new[] { ("beta", "beta"), ("gamma", "alpha"), (null, "alpha") })
        {
            var (_, cookie, _) = await portal.SignInAsync("ada@x.example", TestAccess.Password, wanted);
            (await (await GetAsync(portal, "/api/v1/me", cookie)).ReadAsync<MeView>()).Tenant.Slug.ShouldBe(got);
        }
    }

    /// <summary>Notes how many rounds each comparison takes: the third number in Identity's format, big-endian.</summary>
    private sealed class CountingHasher(IPasswordHasher<Account> real) : IPasswordHasher<Account>
    {
        public List<int> Iterations { get; } = [];

        public string HashPassword(Account user, string password) => real.HashPassword(user, password);

        public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
        {
            Iterations.Add(BinaryPrimitives.ReadInt32BigEndian(Convert.FromBase64String(hashedPassword).AsSpan(5)));
            return real.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }

    private static Task<HttpResponseMessage> GetAsync(TestAccess portal, string path, string cookie) => SendAsync(portal, HttpMethod.Get, path, cookie);

    private static async Task<HttpStatusCode> PostAsync(TestAccess portal, string cookie, params (string Name, string Value)[] headers) =>
        (await SendAsync(portal, HttpMethod.Post, "/api/probe", cookie, headers)).StatusCode;

    private static Task<HttpResponseMessage> SendAsync(TestAccess portal, HttpMethod method, string path, string cookie, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (cookie.Length > 0)
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return portal.Client().SendAsync(request);
    }
}
