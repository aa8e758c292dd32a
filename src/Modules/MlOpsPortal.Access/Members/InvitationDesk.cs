using System.Collections.Immutable;
using System.Net;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Access.Tokens;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Mail;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using Npgsql;

namespace MlOpsPortal.Access.Members;

/// <param name="Email">Whom it is for; nobody else becomes a member by it.</param>
/// <param name="Mail">Send the link to that address; otherwise the answer has it, to be handed over.</param>
public sealed record Invite(string Email, ImmutableArray<Role> Roles, bool Mail = false);

/// <param name="Mail">As in <see cref="Invite"/>.</param>
public sealed record SendAgain(bool Mail = false);

/// <param name="Token">The secret of the link; shown once, null when it was mailed and ever after (also when the request is repeated).</param>
public sealed record InvitationView(
    InvitationId Id, string Email, ImmutableArray<Role> Roles, InvitationState State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string? Token = null);

/// <summary>What the person behind an invitation says. Name and password make her account; who has one gives the password that she has.</summary>
public sealed record AcceptInvitation(string Token, string Name, string Password);

/// <summary>What an open invitation's link shows before it is accepted.</summary>
public sealed record InvitationOffer(string Email, string TenantName, bool HasAccount);

/// <summary>Single-use ways in. Nobody gets an account otherwise.</summary>
public sealed class InvitationDesk(
    ITenantDb<AccessDbContext> databases, PortalDatabase database, AccountDesk people, SignInDesk entrance, SignInThrottle throttle, IPermissions permissions, MemberLimit limit, IMailer mailer, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);
    private static readonly Dictionary<string, Refusal> MemberAlready = new(StringComparer.Ordinal) { ["pk_memberships"] = AccessErrors.AlreadyMember };

    /// <summary>The open ones, newest first.</summary>
    public async Task<Result<ImmutableArray<InvitationView>>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, AccessPermissions.ManageMembers, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        var now = time.GetMicrosecondNow();
        await using var db = databases.Open(caller.Tenant);
        var rows = await db.Invitations.AsNoTracking().Where(row => row.State == InvitationState.Open && row.ExpiresAt > now).OrderByDescending(row => row.Id).ToListAsync(cancellationToken);
        return rows.Select(View).ToImmutableArray();
    }

    public async Task<Result<InvitationView>> InviteAsync(Caller caller, Invite request, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, AccessPermissions.ManageMembers, cancellationToken);
        return allowed.IsOk ? await IssueAsync(caller, request, cancellationToken) : allowed.Refusal;
    }

    /// <summary>Without asking whether the caller may: the operator invites a new tenant's first administrator.</summary>
    internal async Task<Result<InvitationView>> IssueAsync(Caller caller, Invite request, CancellationToken cancellationToken)
    {
        if (!AccountDesk.IsEmail(request.Email))
            return AccessErrors.Field("email", "access.email_invalid");
        if (request.Mail && !mailer.IsConfigured)
            return AccessErrors.Field("mail", "access.mail_not_configured");
        if (MemberRules.CheckTenantRoles(request.Roles) is { } refusal)
            return refusal;
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<InvitationView>(caller, cancellationToken) is { } before)
            return before;
        if (await people.FindAsync(request.Email, cancellationToken) is { } known && await db.Memberships.AnyAsync(member => member.UserId == known.UserId, cancellationToken))
            return AccessErrors.AlreadyMember;
        var now = time.GetMicrosecondNow();
        if (await limit.FindAsync(db, now, cancellationToken) is { } full)
            return full;
        var secret = TokenText.New(TokenText.InvitationLink);
        var row = new Invitation
        {
            Id = Id.New<InvitationId>(now),
            Email = request.Email.Trim(),
            Roles = [.. request.Roles.Distinct().Order()],
            Hash = TokenHash.Of(secret).ToArray(),
            InvitedBy = caller.User,
            CreatedAt = now,
            ExpiresAt = now + Lifetime,
        };
        db.Invitations.Add(row);
        db.Record(caller, Subjects.Invitation(row.Id, row.Email), new InvitationIssued(row.Email, [.. row.Roles], row.ExpiresAt), now);
        if (request.Mail)
            mailer.Queue(db, await LetterAsync(caller, row, secret, cancellationToken));
        var answer = View(row);
        var done = await db.CommitAsync(caller, answer, now, cancellationToken);
        return done.Map(view => ReferenceEquals(view, answer) && !request.Mail ? view with { Token = secret } : view);
    }

    /// <summary>A fresh link for an open invitation, for another 7 days; the one before leads nowhere.</summary>
    public async Task<Result<InvitationView>> SendAgainAsync(Caller caller, InvitationId id, SendAgain request, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, AccessPermissions.ManageMembers, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        if (request.Mail && !mailer.IsConfigured)
            return AccessErrors.Field("mail", "access.mail_not_configured");
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<InvitationView>(caller, cancellationToken) is { } before)
            return before;
        if (await db.Invitations.SingleOrDefaultAsync(candidate => candidate.Id == id && candidate.State == InvitationState.Open, cancellationToken) is not { } row)
            return new NotFound();
        var now = time.GetMicrosecondNow();
        var secret = TokenText.New(TokenText.InvitationLink);
        (row.Hash, row.ExpiresAt) = (TokenHash.Of(secret).ToArray(), now + Lifetime);
        db.Record(caller, Subjects.Invitation(row.Id, row.Email), new InvitationSentAgain(row.ExpiresAt), now);
        if (request.Mail)
            mailer.Queue(db, await LetterAsync(caller, row, secret, cancellationToken));
        var answer = View(row);
        var done = await db.CommitAsync(caller, answer, now, cancellationToken);
        return done.Map(view => ReferenceEquals(view, answer) && !request.Mail ? view with { Token = secret } : view);
    }

    public async Task<Result<Done>> WithdrawAsync(Caller caller, InvitationId id, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, AccessPermissions.ManageMembers, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        await using var db = databases.Open(caller.Tenant);
        if (await db.Invitations.SingleOrDefaultAsync(candidate => candidate.Id == id && candidate.State == InvitationState.Open, cancellationToken) is not { } row)
            return new NotFound();
        var now = time.GetMicrosecondNow();
        row.State = InvitationState.Withdrawn;
        db.Record(caller, Subjects.Invitation(row.Id, row.Email), new InvitationWithdrawn(), now);
        return await db.CommitAsync(caller, Done.Instance, now, cancellationToken);
    }

    /// <summary>What a link leads to.</summary>
    /// <returns>NotFound for what was never issued, used, withdrawn or too old: they read the same.</returns>
    public async Task<Result<InvitationOffer>> LookAsync(string token, IPAddress? address, CancellationToken cancellationToken)
    {
        if (throttle.Take(address) is { } tooMany)
            return tooMany;
        return await FindAsync(token, cancellationToken) is { } found
            ? new InvitationOffer(found.Email, found.TenantName, await people.FindAsync(found.Email, cancellationToken) is not null)
            : AccessErrors.InvitationUnknown;
    }

    /// <summary>Makes the account where there is none, and the membership. The account comes first: cut off in between, the same request goes on.</summary>
    public async Task<Result<SignedIn>> AcceptAsync(AcceptInvitation request, IPAddress? address, CancellationToken cancellationToken)
    {
        if (throttle.Take(address) is { } tooMany)
            return tooMany;
        if (await FindAsync(request.Token, cancellationToken) is not { } found)
            return AccessErrors.InvitationUnknown;
        var account = await people.FindAsync(found.Email, cancellationToken) is null
            ? await people.CreateAsync(found.Email, request.Name, request.Password, cancellationToken)
            : await people.VerifyAsync(found.Email, request.Password, cancellationToken);
        if (!account.IsOk)
            return account.Refusal;
        var joined = await JoinAsync(found, account.Value, cancellationToken);
        return await joined.ThenAsync(_ => entrance.EnterAsync(account.Value, found.Slug, cancellationToken));
    }

    private async Task<Result<Done>> JoinAsync(Found found, Account account, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(found.Tenant);
        if (await db.Invitations.SingleOrDefaultAsync(row => row.Id == found.Id && row.State == InvitationState.Open, cancellationToken) is not { } invitation)
            return AccessErrors.InvitationUnknown;
        var now = time.GetMicrosecondNow();
        var caller = new Caller(found.Tenant, account.UserId, account.Name);
        invitation.State = InvitationState.Accepted;
        db.Memberships.Add(new Membership { UserId = account.UserId, Kind = account.Kind, Roles = invitation.Roles, JoinedAt = now });
        db.Record(caller, Subjects.Invitation(invitation.Id, invitation.Email), new InvitationAccepted(account.UserId), now);
        db.Record(caller, Subjects.Member(account.UserId, account.Name), new MemberJoined(account.Name, [.. invitation.Roles]), now);
        var done = await db.CommitAsync(caller, Done.Instance, now, cancellationToken, MemberAlready);
        return done.Refusal is Conflict { Code: "stale" } ? AccessErrors.InvitationUnknown : done;
    }

    private async Task<Found?> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (!TokenText.IsWellFormed(token, TokenText.InvitationLink))
            return null;
        await using var find = database.System.CreateCommand(
            """
            SELECT invitation.tenant_id, invitation.id, invitation.email, tenant.slug, tenant.name
            FROM access.invitations invitation JOIN access.tenants tenant ON tenant.id = invitation.tenant_id AND tenant.state = 'Active'
            WHERE invitation.hash = $1 AND invitation.state = 'Open' AND invitation.expires_at > $2
            """);
        find.Parameters.Add(new NpgsqlParameter { Value = TokenHash.Of(token).ToArray() });
        find.Parameters.Add(new NpgsqlParameter { Value = time.GetMicrosecondNow() });
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Found(new(reader.GetGuid(0)), new(reader.GetGuid(1)), reader.GetString(2), reader.GetString(3), reader.GetString(4))
            : null;
    }

    private async Task<Letter> LetterAsync(Caller caller, Invitation row, string secret, CancellationToken cancellationToken)
    {
        await using var find = database.System.CreateCommand("SELECT name FROM access.tenants WHERE id = $1");
        find.Parameters.Add(new NpgsqlParameter { Value = caller.Tenant.Value });
        var tenant = await find.ExecuteScalarAsync(cancellationToken) as string ?? "";
        return new Letter(
            row.Email, $"{caller.Name} invites you to {tenant}",
            $"""
            {caller.Name} invites you to work with {tenant} in MlOpsPortal.

            This link lets you in. It works once, for 7 days, and for your address only:

            {mailer.Link($"/invitation/{secret}")}

            If you do not know what this is about, do nothing.
            """);
    }

    private static InvitationView View(Invitation row) => new(row.Id, row.Email, [.. row.Roles], row.State, row.CreatedAt, row.ExpiresAt);

    private sealed record Found(TenantId Tenant, InvitationId Id, string Email, string Slug, string TenantName);
}
