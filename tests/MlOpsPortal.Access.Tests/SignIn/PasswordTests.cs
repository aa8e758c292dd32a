using System.Net;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Access.Tokens;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Access.Tests.SignIn;

public sealed class PasswordTests
{
    private const string Fresh = "another fine password";
    private static readonly (string, string)[] Mail = [("Mail:Host", "127.0.0.1"), ("Mail:Port", "1"), ("Mail:From", "portal@acme.example"), ("Mail:PortalUrl", "https://ml.acme.example")];

    [Fact]
    public async Task A_link_sets_a_new_password_once_and_ends_every_session()
    {
        await using var portal = await TestAccess.StartAsync();
        var tenant = await portal.TenantAsync();
        var root = await portal.PersonAsync(tenant, "root", Role.TenantAdministrator);
        var ada = await portal.PersonAsync(tenant, "ada", Role.DataScientist);
        var (_, cookie, _) = await portal.SignInAsync(ada.Email, TestAccess.Password);
        var secret = await IssueAsync(root, ada);
        var desk = portal.Get<PasswordDesk>();

        (await desk.UseAsync(secret, "short", null, default)).Refusal.ShouldBeOfType<Validation>().Fields.Single().Code.ShouldBe("access.password_short");
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => desk.UseAsync(secret, Fresh, null, default)));
        answers.Count(answer => answer.IsOk).ShouldBe(1);
        (await desk.UseAsync(secret, Fresh, null, default)).Refusal.ShouldBe(AccessErrors.ResetUnknown);
        (await portal.SignInAsync(ada.Email, TestAccess.Password)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await portal.SignInAsync(ada.Email, Fresh)).Status.ShouldBe(HttpStatusCode.OK);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me");
        request.Headers.TryAddWithoutValidation("Cookie", cookie);
        (await portal.Client().SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await portal.SqlAsync("SELECT count(*) FROM platform.audit WHERE action IN ('member.password_reset_issued', 'member.password_changed')")).ShouldBe(2L);
        (await portal.SqlAsync("SELECT count(*) FROM platform.audit WHERE detail::text LIKE '%mlr_%'")).ShouldBe(0L);
    }

    [Fact]
    public async Task Guessed_expired_and_older_links_read_the_same()
    {
        await using var portal = await TestAccess.StartAsync();
        var tenant = await portal.TenantAsync();
        var root = await portal.PersonAsync(tenant, "root", Role.TenantAdministrator);
        var ada = await portal.PersonAsync(tenant, "ada", Role.DataScientist);
        var (older, newer) = (await IssueAsync(root, ada), await IssueAsync(root, ada));
        var desk = portal.Get<PasswordDesk>();
        (await desk.UseAsync(newer, Fresh, null, default)).IsOk.ShouldBeTrue();
        var expired = await IssueAsync(root, ada);
        await portal.SqlAsync("UPDATE access.password_resets SET expires_at = now() WHERE used_at IS NULL");
        foreach (var token in new[] { older, expired, TokenText.New(TokenText.ResetLink), TokenText.New(TokenText.InvitationLink), "x", "" })
            (await desk.UseAsync(token, Fresh, null, default)).Refusal.ShouldBe(AccessErrors.ResetUnknown);
    }

    /// <summary>A link that an administrator holds must not open another tenant to her.</summary>
    [Fact]
    public async Task No_link_is_shown_for_an_account_that_reaches_farther_than_the_tenant()
    {
        await using var portal = await TestAccess.StartAsync(Mail);
        var (here, there) = (await portal.TenantAsync("here"), await portal.TenantAsync("there"));
        var root = await portal.PersonAsync(here, "root", Role.TenantAdministrator);
        var account = (await portal.Get<AccountDesk>().CreateAsync("ada@x.example", "Ada", TestAccess.Password, default)).Required();
        var ada = await portal.JoinAsync(here, account, Role.DataScientist);
        await portal.JoinAsync(there, account, Role.TenantAdministrator);
        var keeper = await portal.PersonAsync(here, "keeper", Role.Viewer);
        await portal.Get<AccountDesk>().MakeOperatorAsync(keeper.Id, default);
        foreach (var person in new[] { ada, keeper })
        {
            var refused = await root.Http.SendJsonAsync(HttpMethod.Post, $"/api/v1/members/{person.Id}/password-reset", new ResetPassword());
            refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
            (await refused.CodeAsync()).ShouldBe("access.reset_elsewhere");
            var mailed = await (await root.Http.SendJsonAsync(HttpMethod.Post, $"/api/v1/members/{person.Id}/password-reset", new ResetPassword(Mail: true))).ReadAsync<PasswordResetView>();
            mailed.Token.ShouldBeNull();
        }

        (await portal.SqlAsync("SELECT count(*) FROM platform.mails WHERE subject = 'A new password for MlOpsPortal'")).ShouldBe(2L);
    }

    [Fact]
    public async Task Only_an_administrator_of_the_tenant_makes_links()
    {
        await using var portal = await TestAccess.StartAsync();
        var tenant = await portal.TenantAsync();
        var (ada, ben) = (await portal.PersonAsync(tenant, "ada", Role.DataScientist, Role.RiskManager), await portal.PersonAsync(tenant, "ben", Role.Viewer));
        var eve = await portal.PersonAsync(await portal.TenantAsync("there"), "eve", Role.TenantAdministrator);
        (await ada.Http.SendJsonAsync(HttpMethod.Post, $"/api/v1/members/{ben.Id}/password-reset", new ResetPassword())).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await eve.Http.SendJsonAsync(HttpMethod.Post, $"/api/v1/members/{ben.Id}/password-reset", new ResetPassword())).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await (await eve.Http.SendJsonAsync(HttpMethod.Post, $"/api/v1/members/{eve.Id}/password-reset", new ResetPassword(Mail: true))).CodeAsync()).ShouldBe("invalid");
    }

    /// <summary>Attack 19: who forgot her password is answered at once and alike, whether there is such an account or not.</summary>
    [Fact]
    public async Task A_forgotten_password_is_no_oracle_and_gets_three_links_an_hour()
    {
        await using var portal = await TestAccess.StartAsync(Mail);
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.DataScientist);
        var forgotten = portal.Get<ForgottenPasswords>();
        foreach (var email in new[] { "nobody@acme.example", ada.Email, ada.Email.ToUpperInvariant(), ada.Email, ada.Email })
            forgotten.Ask(email, null).ShouldBe(forgotten.Ask("somebody@else.example", null));
        forgotten.Ask("no address", null).Refusal.ShouldBeOfType<Validation>();

        var desk = portal.Get<PasswordDesk>();
        await desk.MailAsync(ada.Email, default);
        await desk.MailAsync(ada.Email, default);
        await desk.MailAsync(ada.Email, default);
        await desk.MailAsync(ada.Email, default);
        (await portal.SqlAsync("SELECT count(*) FROM access.password_resets")).ShouldBeOfType<long>().ShouldBeInRange(3L, 4L); // the background may count beside this test
        (await portal.SqlAsync("SELECT count(DISTINCT recipient) FROM platform.mails")).ShouldBe(1L);
    }

    [Fact]
    public async Task Who_knows_her_password_changes_it()
    {
        await using var portal = await TestAccess.StartAsync();
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.DataScientist);
        var desk = portal.Get<PasswordDesk>();
        (await desk.ChangeAsync(ada.Id, "acme", "wrong wrong wrong", Fresh, null, default)).Refusal.ShouldBeOfType<Validation>().Fields.Single().Field.ShouldBe("current");
        (await desk.ChangeAsync(ada.Id, "acme", TestAccess.Password, "short", null, default)).Refusal.ShouldBeOfType<Validation>().Fields.Single().Field.ShouldBe("password");
        (await desk.ChangeAsync(ada.Id, "acme", TestAccess.Password, Fresh, null, default)).Required().Tenant!.Slug.ShouldBe("acme");
        (await portal.SignInAsync(ada.Email, Fresh)).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<string> IssueAsync(Person root, Person person) =>
        (await (await root.Http.SendJsonAsync(HttpMethod.Post, $"/api/v1/members/{person.Id}/password-reset", new ResetPassword())).ReadAsync<PasswordResetView>()).Token!;
}
