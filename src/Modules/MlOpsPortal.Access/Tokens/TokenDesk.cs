using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Access.Members;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access.Tokens;

/// <param name="ExpiresAt">At most a year from now.</param>
/// <param name="Roles">Fewer roles than the owner has; null for whatever the owner may.</param>
public sealed record IssueToken(string Name, DateTimeOffset ExpiresAt, ImmutableArray<Role>? Roles = null);

/// <param name="Token">The secret; shown once, null ever after (also when the request is repeated).</param>
public sealed record TokenView(
    TokenId Id, UserId User, string Name, ImmutableArray<Role>? Roles, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, string? Token = null);

public sealed record CreateServiceAccount(string Name, ImmutableArray<Role> Roles);

/// <summary>Tokens for programs: a person's own, and those of service accounts, which an administrator keeps.</summary>
public sealed class TokenDesk(
    ITenantDb<AccessDbContext> databases, AccountDesk people, MemberDesk members, MemberLimit limit, IPermissions permissions, TokenDirectory directory, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);
    private const int MaxNameLength = 100;

    /// <summary>Those in force or expired, not the revoked ones; newest first.</summary>
    public async Task<Result<ImmutableArray<TokenView>>> ListAsync(Caller caller, UserId? owner, CancellationToken cancellationToken)
    {
        var user = owner ?? caller.User;
        if (user != caller.User && await permissions.DemandAsync(caller, AccessPermissions.ManageServiceAccounts, cancellationToken) is { IsOk: false } refused)
            return refused.Refusal;
        await using var db = databases.Open(caller.Tenant);
        if (user != caller.User && !await db.Memberships.AnyAsync(member => member.UserId == user, cancellationToken))
            return new NotFound();
        var rows = await db.Tokens.AsNoTracking().Where(row => row.UserId == user && row.RevokedAt == null).OrderByDescending(row => row.Id).ToListAsync(cancellationToken);
        return rows.Select(View).ToImmutableArray();
    }

    /// <param name="owner">A service account, for an administrator; null for the caller herself.</param>
    public async Task<Result<TokenView>> IssueAsync(Caller caller, UserId? owner, IssueToken request, CancellationToken cancellationToken)
    {
        var permission = owner is null ? AccessPermissions.IssueTokens : AccessPermissions.ManageServiceAccounts;
        var allowed = await permissions.DemandAsync(caller, permission, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        var now = time.GetMicrosecondNow();
        if (Check(request, now) is { } refusal)
            return refusal;
        var roles = MemberRules.NarrowToken(request.Roles, caller.OnlyRoles);
        return roles.Refusal is { } wider ? wider : await SaveAsync(caller, owner, request with { Roles = roles.Value }, now, cancellationToken);
    }

    /// <summary>A token without asking whether the caller may, for the demo: a viewer gets one too. No endpoint leads here.</summary>
    public Task<Result<TokenView>> IssueForAsync(Caller caller, IssueToken request, CancellationToken cancellationToken)
    {
        var now = time.GetMicrosecondNow();
        return Check(request, now) is { } refusal ? Task.FromResult<Result<TokenView>>(refusal) : SaveAsync(caller, null, request, now, cancellationToken);
    }

    private async Task<Result<TokenView>> SaveAsync(Caller caller, UserId? owner, IssueToken request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<TokenView>(caller, cancellationToken) is { } before)
            return before;
        var user = owner ?? caller.User;
        if (owner is not null && !await db.Memberships.AnyAsync(member => member.UserId == user && member.Kind == AccountKind.Service, cancellationToken))
            return new NotFound();
        var secret = TokenText.New(TokenText.ApiToken);
        var row = new TokenRow
        {
            Id = Id.New<TokenId>(now),
            UserId = user,
            Name = request.Name.Trim().Normalize(),
            Hash = TokenHash.Of(secret).ToArray(),
            Roles = request.Roles is { } only ? [.. only.Distinct().Order()] : null,
            CreatedAt = now,
            ExpiresAt = request.ExpiresAt.ToUniversalTime(),
        };
        db.Tokens.Add(row);
        var answer = View(row);
        db.Record(caller, Subjects.Token(row.Id, row.Name), new TokenIssued(user, answer.Roles, row.ExpiresAt), now);
        var done = await db.CommitAsync(caller, answer, now, cancellationToken);
        return done.Map(view => ReferenceEquals(view, answer) ? view with { Token = secret } : view);
    }

    /// <summary>One's own, or as administrator anyone's.</summary>
    public async Task<Result<Done>> RevokeAsync(Caller caller, TokenId id, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        if (await db.Tokens.SingleOrDefaultAsync(candidate => candidate.Id == id && candidate.RevokedAt == null, cancellationToken) is not { } row)
            return new NotFound();
        if (row.UserId != caller.User && await permissions.DemandAsync(caller, AccessPermissions.ManageServiceAccounts, cancellationToken) is { IsOk: false })
            return new NotFound(); // which tokens others have is nobody's business
        var now = time.GetMicrosecondNow();
        row.RevokedAt = now;
        db.Record(caller, Subjects.Token(row.Id, row.Name), new TokenRevoked(), now);
        var done = await db.CommitAsync(caller, Done.Instance, now, cancellationToken);
        directory.Forget(id);
        return done;
    }

    /// <summary>An account for programs, a member of this tenant alone.</summary>
    public async Task<Result<MemberView>> CreateServiceAccountAsync(Caller caller, CreateServiceAccount request, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, AccessPermissions.ManageServiceAccounts, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        if (MemberRules.CheckTenantRoles(request.Roles) is { } refusal)
            return refusal;
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<MemberView>(caller, cancellationToken) is { } before)
            return before;
        if (await limit.FindAsync(db, time.GetMicrosecondNow(), cancellationToken) is { } full)
            return full;
        var account = await people.CreateServiceAsync(request.Name, cancellationToken);
        if (!account.IsOk)
            return account.Refusal;
        var now = time.GetMicrosecondNow();
        var row = new Membership { TenantId = caller.Tenant, UserId = account.Value.UserId, Kind = AccountKind.Service, Roles = [.. request.Roles.Distinct().Order()], JoinedAt = now };
        db.Memberships.Add(row);
        db.Record(caller, Subjects.Member(row.UserId, account.Value.Name), new ServiceAccountCreated([.. row.Roles]), now);
        return await db.CommitAsync(caller, (await members.ViewAsync([row], cancellationToken))[0], now, cancellationToken);
    }

    public async Task<Result<ImmutableArray<MemberView>>> ListServiceAccountsAsync(Caller caller, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, AccessPermissions.ManageServiceAccounts, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        await using var db = databases.Open(caller.Tenant);
        var rows = await db.Memberships.AsNoTracking().Where(member => member.Kind == AccountKind.Service).OrderBy(member => member.UserId).ToListAsync(cancellationToken);
        return await members.ViewAsync(rows, cancellationToken);
    }

    private static Validation? Check(IssueToken request, DateTimeOffset now)
    {
        List<FieldFault> faults = [];
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > MaxNameLength || request.Name.Any(char.IsControl))
            faults.Add(new FieldFault("name", "access.name_invalid", AccessErrors.Text(MaxNameLength)));
        if (request.ExpiresAt <= now || request.ExpiresAt > now + Longest)
            faults.Add(new FieldFault("expiresAt", "access.token_expiry"));
        return faults.Count == 0 ? null : new Validation("invalid") { Fields = [.. faults] };
    }

    private static TokenView View(TokenRow row) =>
        new(row.Id, row.UserId, row.Name, row.Roles is { } roles ? [.. roles] : null, row.CreatedAt, row.ExpiresAt, row.LastUsedAt);
}
