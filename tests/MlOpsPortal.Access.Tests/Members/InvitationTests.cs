using System.Net;
using MlOpsPortal.Access.Members;
using MlOpsPortal.Access.Tokens;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Access.Tests.Members;

/// <summary>Attack 55: a link that was used, guessed, withdrawn, replaced or is too old leads nowhere, and nobody joins with another's.</summary>
public sealed class InvitationTests
{
    private static readonly Invite ForAda = new("ada@acme.example", [Role.DataScientist]);

    [Fact]
    public async Task An_invitation_makes_one_account_and_one_membership_and_then_is_gone()
    {
        await using var portal = await TestAccess.StartAsync();
        var root = await portal.PersonAsync(await portal.TenantAsync(), "root", Role.TenantAdministrator);
        var invited = await root.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/invitations", ForAda);
        invited.StatusCode.ShouldBe(HttpStatusCode.Created);
        var token = (await invited.ReadAsync<InvitationView>()).Token!;
        var accept = new AcceptInvitation(token, "Ada", TestAccess.Password);
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => portal.Client().SendJsonAsync(HttpMethod.Post, "/api/v1/invitations/accept", accept)));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        (await portal.Client().SendJsonAsync(HttpMethod.Post, "/api/v1/invitations/accept", accept)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await portal.SignInAsync("ada@acme.example", TestAccess.Password)).Status.ShouldBe(HttpStatusCode.OK);
        (await portal.SqlAsync("SELECT count(*) FROM access.memberships")).ShouldBe(2L);
        (await portal.SqlAsync("SELECT count(*) FROM platform.audit WHERE detail::text LIKE '%mli_%'")).ShouldBe(0L);
        (await (await root.Http.GetAsync("/api/v1/invitations")).ReadAsync<Page<InvitationView>>()).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Guessed_withdrawn_and_expired_invitations_read_the_same()
    {
        await using var portal = await TestAccess.StartAsync();
        var root = await portal.PersonAsync(await portal.TenantAsync(), "root", Role.TenantAdministrator);
        var withdrawn = await (await root.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/invitations", ForAda)).ReadAsync<InvitationView>();
        (await root.Http.DeleteAsync($"/api/v1/invitations/{withdrawn.Id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var expired = await (await root.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/invitations", ForAda)).ReadAsync<InvitationView>();
        await portal.SqlAsync($"UPDATE access.invitations SET expires_at = now() WHERE id = '{expired.Id.Value}'");
        foreach (var token in new[] { withdrawn.Token!, expired.Token!, TokenText.New(TokenText.InvitationLink), "x", "" })
            (await (await portal.Client().SendJsonAsync(HttpMethod.Post, "/api/v1/invitations/accept", new AcceptInvitation(token, "Ada", TestAccess.Password))).CodeAsync())
                .ShouldBe("access.invitation_unknown");
        (await portal.SqlAsync("SELECT count(*) FROM access.accounts")).ShouldBe(1L);
    }

    [Fact]
    public async Task Who_has_an_account_joins_with_its_password_and_nobody_elses()
    {
        await using var portal = await TestAccess.StartAsync();
        var root = await portal.PersonAsync(await portal.TenantAsync("here"), "root", Role.TenantAdministrator);
        var eve = await portal.PersonAsync(await portal.TenantAsync("there"), "eve", Role.Viewer);
        var token = (await (await root.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/invitations", new Invite(eve.Email, [Role.Viewer]))).ReadAsync<InvitationView>()).Token!;
        (await portal.Client().SendJsonAsync(HttpMethod.Post, "/api/v1/invitations/accept", new AcceptInvitation(token, "Mallory", "another long password"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await portal.Client().SendJsonAsync(HttpMethod.Post, "/api/v1/invitations/accept", new AcceptInvitation(token, "Mallory", TestAccess.Password))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await portal.SqlAsync($"SELECT name FROM access.accounts WHERE id = '{eve.Id.Value}'")).ShouldBe("eve");
        (await portal.SqlAsync($"SELECT count(*) FROM access.memberships WHERE user_id = '{eve.Id.Value}'")).ShouldBe(2L);
    }

    [Fact]
    public async Task A_weak_password_leaves_the_invitation_open_and_a_member_is_not_invited_again()
    {
        await using var portal = await TestAccess.StartAsync();
        var tenant = await portal.TenantAsync();
        var root = await portal.PersonAsync(tenant, "root", Role.TenantAdministrator);
        var token = (await (await root.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/invitations", ForAda)).ReadAsync<InvitationView>()).Token!;
        (await portal.Client().SendJsonAsync(HttpMethod.Post, "/api/v1/invitations/accept", new AcceptInvitation(token, "Ada", "password123"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await portal.Client().SendJsonAsync(HttpMethod.Post, "/api/v1/invitations/accept", new AcceptInvitation(token, "Ada", TestAccess.Password))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await (await root.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/invitations", ForAda)).CodeAsync()).ShouldBe("access.already_member");
        (await root.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/invitations", ForAda with { Email = "no address" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Only_an_administrator_invites()
    {
        await using var portal = await TestAccess.StartAsync();
        var ada = await portal.PersonAsync(await portal.TenantAsync(), "ada", Role.DataScientist, Role.BusinessOwner);
        (await ada.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/invitations", ForAda)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await ada.Http.GetAsync("/api/v1/invitations")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_link_sent_again_replaces_the_one_before()
    {
        await using var portal = await TestAccess.StartAsync();
        var root = await portal.PersonAsync(await portal.TenantAsync(), "root", Role.TenantAdministrator);
        var first = await (await root.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/invitations", ForAda)).ReadAsync<InvitationView>();
        await portal.SqlAsync("UPDATE access.invitations SET expires_at = now()");
        var second = await (await root.Http.SendJsonAsync(HttpMethod.Post, $"/api/v1/invitations/{first.Id}/send-again", new SendAgain())).ReadAsync<InvitationView>();
        second.Token.ShouldNotBe(first.Token);
        second.ExpiresAt.ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddDays(6));
        foreach (var (token, status) in new[] { (first.Token!, HttpStatusCode.NotFound), (second.Token!, HttpStatusCode.OK) })
            (await portal.Client().SendJsonAsync(HttpMethod.Post, "/api/v1/invitations/accept", new AcceptInvitation(token, "Ada", TestAccess.Password))).StatusCode.ShouldBe(status);
        (await root.Http.SendJsonAsync(HttpMethod.Post, $"/api/v1/invitations/{first.Id}/send-again", new SendAgain())).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_link_is_mailed_when_there_is_a_server_and_refused_with_a_sentence_when_not()
    {
        await using var silent = await TestAccess.StartAsync();
        var root = await silent.PersonAsync(await silent.TenantAsync(), "root", Role.TenantAdministrator);
        (await root.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/invitations", ForAda with { Mail = true })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        await using var portal = await TestAccess.StartAsync(("Mail:Host", "127.0.0.1"), ("Mail:Port", "1"), ("Mail:From", "portal@acme.example"), ("Mail:PortalUrl", "https://ml.acme.example"));
        root = await portal.PersonAsync(await portal.TenantAsync(), "root", Role.TenantAdministrator);
        var mailed = await (await root.Http.SendJsonAsync(HttpMethod.Post, "/api/v1/invitations", ForAda with { Mail = true })).ReadAsync<InvitationView>();
        mailed.Token.ShouldBeNull();
        (await portal.SqlAsync("SELECT recipient || ': ' || subject FROM platform.mails")).ShouldBe("ada@acme.example: root invites you to Tenant acme");
        (await portal.SqlAsync("SELECT count(*) FROM platform.mails WHERE text LIKE '%mli_%'")).ShouldBe(0L); // at rest it is encrypted
    }
}
