using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Access.Members;
using MlOpsPortal.Access.Tenants;
using MlOpsPortal.Access.Tokens;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Mail;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access.SignIn;

/// <param name="Mail">Send it to the member; otherwise the answer has the link's secret, to be handed over.</param>
public sealed record ResetPassword(bool Mail = false);

/// <param name="Token">The secret of the link <c>/reset-password/{token}</c>, shown this once; null when it was mailed.</param>
public sealed record PasswordResetView(DateTimeOffset ExpiresAt, string? Token);

/// <summary>New passwords: by a single-use link, or by who knows the old one. Each ends every other session of the account.</summary>
public sealed class PasswordDesk(
    Accounts accounts, AccountDesk people, TenantDesk tenants, SignInDesk entrance, SignInThrottle throttle, ITenantDb<AccessDbContext> databases, IPermissions permissions, IMailer mailer,
    IServiceScopeFactory scopes, IPasswordHasher<Account> hasher, MemberDesk members, SessionBook sessions, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private const int AnHour = 3;

    /// <summary>A link for a member who has lost her password.</summary>
    /// <returns>Conflict when the link would reach farther than the caller: into another tenant, or an operator's account. It can be mailed then.</returns>
    public async Task<Result<PasswordResetView>> IssueAsync(Caller caller, UserId user, ResetPassword request, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, AccessPermissions.ManageMembers, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        await using var db = databases.Open(caller.Tenant);
        if (!await db.Memberships.AnyAsync(member => member.UserId == user && member.Kind == AccountKind.Person, cancellationToken))
            return new NotFound("access.member_unknown");
        if (request.Mail && !mailer.IsConfigured)
            return AccessErrors.Field("mail", "access.mail_not_configured");
        await using var all = accounts.Open();
        var account = await all.Users.AsNoTracking().SingleAsync(row => row.Id == user.Value, cancellationToken);
        if (!request.Mail && (account.IsOperator || await tenants.CountAsync(user, cancellationToken) > 1))
            return new Conflict("access.reset_elsewhere", account.Name);
        var (secret, reset) = New(account.Id);
        all.PasswordResets.Add(reset);
        await all.SaveChangesAsync(cancellationToken);
        var now = reset.CreatedAt;
        if (request.Mail)
            mailer.Queue(db, Letter(account, secret));
        db.Record(caller, Subjects.Member(user, account.Name), new PasswordResetIssued(request.Mail), now);
        await db.SaveChangesAsync(cancellationToken);
        return new PasswordResetView(reset.ExpiresAt, request.Mail ? null : secret);
    }

    /// <summary>Mails a link when the address has an account, at most three an hour. Called in the background: how long it takes tells nobody anything.</summary>
    internal async Task MailAsync(string email, CancellationToken cancellationToken)
    {
        if (!mailer.IsConfigured || await people.FindAsync(email, cancellationToken) is not { Email: not null } account)
            return;
        await using var db = accounts.Open();
        var lately = time.GetMicrosecondNow() - TimeSpan.FromHours(1);
        if (await db.PasswordResets.CountAsync(reset => reset.AccountId == account.Id && reset.CreatedAt > lately, cancellationToken) >= AnHour)
            return;
        var (secret, row) = New(account.Id);
        db.PasswordResets.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        await mailer.QueueAsync(Letter(account, secret), cancellationToken);
    }

    /// <summary>Is there such a link, not used and not too old?</summary>
    public async Task<Result<Done>> LookAsync(string token, IPAddress? address, CancellationToken cancellationToken)
    {
        if (throttle.Take(address) is { } tooMany)
            return tooMany;
        return await FindAsync(token, cancellationToken) is null ? AccessErrors.ResetUnknown : Done.Instance;
    }

    /// <summary>Sets a new password by a link, which then is used, and lets the person in.</summary>
    public async Task<Result<SignedIn>> UseAsync(string token, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        if (throttle.Take(address) is { } tooMany)
            return tooMany;
        if (await FindAsync(token, cancellationToken) is not { } reset)
            return AccessErrors.ResetUnknown;
        if (AccountDesk.CheckPassword(password) is { } weak)
            return new Validation("invalid") { Fields = [weak] };
        var now = time.GetMicrosecondNow();
        await using (var db = accounts.Open())
        {
            // Of several at once one wins; the others of the account's links are of no use any more either.
            if (await db.PasswordResets.Where(row => row.Id == reset.Id && row.UsedAt == null).ExecuteUpdateAsync(row => row.SetProperty(found => found.UsedAt, now), cancellationToken) == 0)
                return AccessErrors.ResetUnknown;
            await db.PasswordResets.Where(row => row.AccountId == reset.AccountId && row.UsedAt == null).ExecuteUpdateAsync(row => row.SetProperty(found => found.UsedAt, now), cancellationToken);
        }

        return await entrance.EnterAsync(await SetAsync(reset.AccountId, password, byLink: true, cancellationToken), null, cancellationToken);
    }

    /// <summary>A new password for who knows the old one.</summary>
    public async Task<Result<SignedIn>> ChangeAsync(UserId user, string? slug, string current, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        if (throttle.Take(address) is { } tooMany)
            return tooMany;
        string? email;
        await using (var db = accounts.Open())
            email = await db.Users.Where(row => row.Id == user.Value).Select(row => row.Email).SingleOrDefaultAsync(cancellationToken);
        if (!(await people.VerifyAsync(email ?? "", current, cancellationToken)).IsOk)
            return AccessErrors.Field("current", "access.password_wrong");
        return AccountDesk.CheckPassword(password) is { } weak
            ? new Validation("invalid") { Fields = [weak] }
            : await entrance.EnterAsync(await SetAsync(user.Value, password, byLink: false, cancellationToken), slug, cancellationToken);
    }

    private async Task<Account> SetAsync(Guid id, string password, bool byLink, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var account = await manager.FindByIdAsync(id.ToString()) ?? throw new InvalidOperationException("An account is never deleted.");
        (account.PasswordHash, account.AccessFailedCount, account.LockoutEnd) = (hasher.HashPassword(account, password), 0, null);
        await manager.UpdateSecurityStampAsync(account);
        await sessions.EndAllAsync(account.UserId, cancellationToken);
        var now = time.GetMicrosecondNow();
        foreach (var tenant in await tenants.OfAsync(account.UserId, cancellationToken))
        {
            await using var trail = databases.Open(tenant.Id);
            trail.Record(new Caller(tenant.Id, account.UserId, account.Name), Subjects.Member(account.UserId, account.Name), new PasswordChanged(byLink), now);
            await trail.SaveChangesAsync(cancellationToken);
            members.Forget(tenant.Id, account.UserId);
        }

        return account;
    }

    private async Task<PasswordReset?> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (!TokenText.IsWellFormed(token, TokenText.ResetLink))
            return null;
        var (hash, now) = (TokenHash.Of(token).ToArray(), time.GetMicrosecondNow());
        await using var db = accounts.Open();
        return await db.PasswordResets.AsNoTracking().SingleOrDefaultAsync(row => row.Hash == hash && row.UsedAt == null && row.ExpiresAt > now, cancellationToken);
    }

    private (string Secret, PasswordReset Row) New(Guid account)
    {
        var (secret, now) = (TokenText.New(TokenText.ResetLink), time.GetMicrosecondNow());
        return (secret, new PasswordReset { Id = Guid.CreateVersion7(now), AccountId = account, Hash = TokenHash.Of(secret).ToArray(), CreatedAt = now, ExpiresAt = now + Lifetime });
    }

    private Letter Letter(Account account, string secret) => new(
        account.Email ?? throw new InvalidOperationException("People have an e-mail address."), "A new password for MlOpsPortal",
        $"""
        Hello {account.Name},

        this link lets you choose a new password. It works once, for an hour:

        {mailer.Link($"/reset-password/{secret}")}

        If you did not ask for it, do nothing: your password stays as it is.
        """);
}
