using System.Net;
using System.Net.Http.Json;
using MlOpsPortal.Access.Members;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Access.Tests.SignIn;

/// <summary>Attack 15: what was taken away is refused within 5 s, whoever took it away and where.</summary>
public sealed class SessionTests
{
    private static readonly TimeSpan FiveSeconds = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_person_sees_her_browsers_and_ends_one_or_all_others()
    {
        await using var portal = await TestAccess.StartAsync();
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.DataScientist);
        var cookies = new List<string>();
        for (var browser = 0; browser < 3; browser++)
            cookies.Add((await portal.SignInAsync(ada.Email, TestAccess.Password)).Cookie);
        var book = portal.Get<SessionBook>();
        var sessions = await book.OfAsync(ada.Id, null, default);
        sessions.Length.ShouldBe(3);

        (await book.EndAsync(ada.Id, sessions[2].Id, default)).ShouldBeTrue(); // the first one to sign in
        (await MeAsync(portal, cookies[0])).ShouldBe(HttpStatusCode.Unauthorized);
        (await MeAsync(portal, cookies[1])).ShouldBe(HttpStatusCode.OK);
        (await book.EndOthersAsync(ada.Id, new(), default)).ShouldBe(2);
        (await MeAsync(portal, cookies[1])).ShouldBe(HttpStatusCode.Unauthorized);
        (await MeAsync(portal, cookies[2])).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Nobody_ends_anothers_session()
    {
        await using var portal = await TestAccess.StartAsync();
        var tenant = await portal.TenantAsync();
        var (ada, eve) = (await portal.PersonAsync(tenant, "ada", Role.DataScientist), await portal.PersonAsync(tenant, "eve", Role.TenantAdministrator));
        var cookie = (await portal.SignInAsync(ada.Email, TestAccess.Password)).Cookie;
        var book = portal.Get<SessionBook>();
        var session = (await book.OfAsync(ada.Id, null, default)).Single().Id;

        (await book.EndAsync(eve.Id, session, default)).ShouldBeFalse();
        (await MeAsync(portal, cookie)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_session_ended_elsewhere_is_over_here_within_five_seconds()
    {
        await using var portal = await TestAccess.StartAsync();
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.DataScientist);
        var cookie = (await portal.SignInAsync(ada.Email, TestAccess.Password)).Cookie;
        (await MeAsync(portal, cookie)).ShouldBe(HttpStatusCode.OK);

        await portal.SqlAsync("DELETE FROM access.sessions"); // as another process does, of which this one is not told
        portal.Clock.Pass(FiveSeconds);
        (await MeAsync(portal, cookie)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_role_taken_away_is_refused_at_once_here_and_within_five_seconds_elsewhere()
    {
        await using var portal = await TestAccess.StartAsync();
        var tenant = await portal.TenantAsync();
        var root = await portal.PersonAsync(tenant, "root", Role.TenantAdministrator);
        var (ada, ben) = (await portal.PersonAsync(tenant, "ada", Role.DataScientist), await portal.PersonAsync(tenant, "ben", Role.DataScientist));
        foreach (var person in new[] { ada, ben })
            (await person.Http.GetAsync("/api/probe")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await root.Http.SendJsonAsync(HttpMethod.Put, $"/api/v1/members/{ada.Id}/roles", new ChangeRoles([Role.Viewer]));
        (await ada.Http.GetAsync("/api/probe")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        await portal.SqlAsync($"UPDATE access.memberships SET roles = '{{Viewer}}' WHERE user_id = '{ben.Id.Value}'"); // no event tells of it
        portal.Clock.Pass(FiveSeconds);
        (await ben.Http.GetAsync("/api/probe")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_token_revoked_elsewhere_is_refused_here_within_five_seconds()
    {
        await using var portal = await TestAccess.StartAsync();
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.DataScientist);
        (await ada.Http.GetAsync("/api/probe")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await portal.SqlAsync("UPDATE access.tokens SET revoked_at = now()");
        portal.Clock.Pass(FiveSeconds);
        (await ada.Http.GetAsync("/api/probe")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Who_was_just_let_in_by_another_process_is_not_sent_away_for_what_this_one_remembers()
    {
        await using var portal = await TestAccess.StartAsync();
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.DataScientist);
        var before = (await portal.SignInAsync(ada.Email, TestAccess.Password)).Cookie;
        (await MeAsync(portal, before)).ShouldBe(HttpStatusCode.OK);

        await portal.SqlAsync("UPDATE access.accounts SET security_stamp = 'as of a new password'"); // no event tells of it
        (await MeAsync(portal, (await portal.SignInAsync(ada.Email, TestAccess.Password)).Cookie)).ShouldBe(HttpStatusCode.OK);
        (await MeAsync(portal, before)).ShouldBe(HttpStatusCode.Unauthorized);

        await portal.SqlAsync("UPDATE access.tenants SET state = 'Suspended'");
        portal.Clock.Pass(FiveSeconds);
        var kept = (await portal.SignInAsync(ada.Email, TestAccess.Password)).Cookie;
        (await MeAsync(portal, kept)).ShouldBe(HttpStatusCode.Forbidden); // in no tenant
        await portal.SqlAsync("UPDATE access.tenants SET state = 'Active'");
        (await MeAsync(portal, (await portal.SignInAsync(ada.Email, TestAccess.Password)).Cookie)).ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Attack 19: one password over many accounts, many passwords over one: 429 either way, and the same words for who is there and who is not.</summary>
    [Fact]
    public async Task Tries_for_one_account_are_limited_wherever_they_come_from_and_whether_it_exists_or_not()
    {
        await using var portal = await TestAccess.StartAsync(("Access:SignInsPerAccountPerMinute", "5"));
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.DataScientist);
        foreach (var email in new[] { ada.Email, "nobody@acme.example" })
        {
            var answers = new List<(HttpStatusCode Status, string Code)>();
            for (var number = 0; number < 7; number++)
            {
                using var answer = await portal.Client().PostAsJsonAsync("/probe/sign-in", new { email = number % 2 == 0 ? email : email.ToUpperInvariant(), password = "wrong wrong wrong", slug = "acme" });
                answers.Add((answer.StatusCode, await answer.CodeAsync()));
            }

            answers.Take(5).ShouldAllBe(answer => answer.Code == "access.wrong_credentials");
            answers.Skip(5).ShouldAllBe(answer => answer.Status == HttpStatusCode.TooManyRequests);
        }
    }

    /// <summary>Attack 20: no account is there that nobody made.</summary>
    [Theory]
    [InlineData("admin", "admin")]
    [InlineData("admin", "password1234")]
    [InlineData("admin@localhost", "admin")]
    [InlineData("root", "")]
    public async Task No_account_comes_with_the_portal(string email, string password)
    {
        await using var portal = await TestAccess.StartAsync();
        (await portal.SignInAsync(email, password)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await portal.SqlAsync("SELECT count(*) FROM access.accounts")).ShouldBe(0L);
    }

    private static async Task<HttpStatusCode> MeAsync(TestAccess portal, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me");
        request.Headers.TryAddWithoutValidation("Cookie", cookie);
        using var client = portal.Client();
        return (await client.SendAsync(request)).StatusCode;
    }
}
