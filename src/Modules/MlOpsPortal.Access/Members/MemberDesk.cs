using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Access.Roles;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Access.Tokens;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access.Members;

/// <summary>A member of the tenant.</summary>
/// <param name="Email">Null for a service account.</param>
/// <param name="Version">Goes back as <c>If-Match</c>.</param>
public sealed record MemberView(UserId User, string Name, string? Email, AccountKind Kind, ImmutableArray<Role> Roles, bool Disabled, long Version, DateTimeOffset JoinedAt);

/// <summary>The members of a tenant: who they are, their roles, and their leaving.</summary>
public sealed class MemberDesk(ITenantDb<AccessDbContext> databases, Accounts accounts, IPermissions permissions, Standings standings, TokenDirectory tokens, TimeProvider time)
{
    /// <summary>In the order of their accounts.</summary>
    public async Task<Result<Page<MemberView>>> ListAsync(Caller caller, PageRequest page, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, AccessPermissions.SeeMembers, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        _ = UserId.TryParse(Cursors.Read(page.Cursor), null, out var after);
        await using var db = databases.Open(caller.Tenant);
        var rows = await db.Memberships.FromSql($"SELECT * FROM access.memberships WHERE user_id > {after.Value}") // typed ids have no order in C#
            .AsNoTracking().OrderBy(member => member.UserId).Take(page.Limit + 1).ToListAsync(cancellationToken);
        return page.Cut(await ViewAsync(rows, cancellationToken), member => member.User.ToString());
    }

    public Task<Result<MemberView>> ChangeRolesAsync(Caller caller, UserId user, ImmutableArray<Role> roles, long? expectedVersion, CancellationToken cancellationToken) =>
        MemberRules.CheckTenantRoles(roles) is { } refusal
            ? Task.FromResult<Result<MemberView>>(refusal)
            : ChangeAsync(caller, user, expectedVersion, member =>
            {
                var before = member.Roles.ToImmutableArray();
                member.Roles = [.. roles.Distinct().Order()];
                return before.SequenceEqual(member.Roles) ? null : new MemberRolesChanged(before, [.. member.Roles]);
            }, cancellationToken);

    /// <summary>Keeps a member out, or lets her in again. Her sessions and tokens of this tenant stop at once.</summary>
    public Task<Result<MemberView>> DisableAsync(Caller caller, UserId user, bool disabled, long? expectedVersion, CancellationToken cancellationToken) =>
        ChangeAsync(caller, user, expectedVersion, member =>
        {
            if (member.Disabled == disabled)
                return null;
            member.Disabled = disabled;
            return disabled ? new MemberDisabled() : new MemberEnabled();
        }, cancellationToken);

    /// <summary>Ends a membership, with those of the tenant's scopes and the tokens. What the person did stays under her name.</summary>
    public async Task<Result<Done>> RemoveAsync(Caller caller, UserId user, long? expectedVersion, CancellationToken cancellationToken)
    {
        var opened = await OpenAsync<Done>(caller, user, expectedVersion, cancellationToken);
        if (opened.Answer is { } answer)
            return answer;
        await using var work = opened.Work!;
        var (db, member, now) = (work.Db, work.Member, time.GetMicrosecondNow());
        if (MemberRules.CheckAdministratorStays(IsAdministrator(member), staysAdministrator: false, await OtherAdministratorsAsync(db, user, cancellationToken)) is { } refusal)
            return refusal;
        db.ScopeMemberships.RemoveRange(await db.ScopeMemberships.Where(row => row.UserId == user).ToListAsync(cancellationToken));
        foreach (var token in await db.Tokens.Where(row => row.UserId == user && row.RevokedAt == null).ToListAsync(cancellationToken))
            token.RevokedAt = now;
        db.Memberships.Remove(member);
        db.Record(caller, Subjects.Member(user, await NameAsync(user, cancellationToken)), new MemberRemoved(), now);
        var done = await db.CommitAsync(caller, Done.Instance, now, cancellationToken);
        if (done.IsOk)
            await work.CommitAsync(cancellationToken);
        Forget(caller.Tenant, user);
        return done;
    }

    internal async Task<ImmutableArray<MemberView>> ViewAsync(IReadOnlyList<Membership> rows, CancellationToken cancellationToken)
    {
        var ids = rows.Select(row => row.UserId.Value).ToList();
        await using var db = accounts.Open();
        var people = await db.Users.Where(account => ids.Contains(account.Id)).Select(account => new { account.Id, account.Name, account.Email }).ToDictionaryAsync(account => account.Id, cancellationToken);
        return [.. rows.Select(row => View(row, people[row.UserId.Value].Name, people[row.UserId.Value].Email))];
    }

    /// <summary>After something that changes what an account is here.</summary>
    internal void Forget(TenantId tenant, UserId user)
    {
        standings.Forget(tenant, user);
        tokens.Forget(tenant, user);
    }

    internal async Task<string> NameAsync(UserId user, CancellationToken cancellationToken)
    {
        await using var db = accounts.Open();
        return await db.Users.Where(account => account.Id == user.Value).Select(account => account.Name).SingleAsync(cancellationToken);
    }

    private async Task<Result<MemberView>> ChangeAsync(Caller caller, UserId user, long? expectedVersion, Func<Membership, DomainEvent?> change, CancellationToken cancellationToken)
    {
        var opened = await OpenAsync<MemberView>(caller, user, expectedVersion, cancellationToken);
        if (opened.Answer is { } answer)
            return answer;
        await using var work = opened.Work!;
        var (db, member, now) = (work.Db, work.Member, time.GetMicrosecondNow());
        var wasAdministrator = IsAdministrator(member);
        if (change(member) is not { } happened)
            return (await ViewAsync([member], cancellationToken))[0];
        if (MemberRules.CheckAdministratorStays(wasAdministrator, IsAdministrator(member), await OtherAdministratorsAsync(db, user, cancellationToken)) is { } refusal)
            return refusal;
        member.Version++;
        var view = (await ViewAsync([member], cancellationToken))[0];
        db.Record(caller, Subjects.Member(user, view.Name), happened, now);
        var done = await db.CommitAsync(caller, view, now, cancellationToken);
        if (done.IsOk)
            await work.CommitAsync(cancellationToken);
        Forget(caller.Tenant, user);
        return done;
    }

    /// <summary>Changes of a tenant's members wait for each other: otherwise two administrators could remove one another at the same moment.</summary>
    private async Task<(MemberWork? Work, Result<T>? Answer)> OpenAsync<T>(Caller caller, UserId user, long? expectedVersion, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, AccessPermissions.ManageMembers, cancellationToken);
        if (!allowed.IsOk)
            return (null, allowed.Refusal);
        var work = await MemberWork.BeginAsync(databases.Open(caller.Tenant), cancellationToken);
        var answer = await work.Db.FindAnswerAsync<T>(caller, cancellationToken);
        if (answer is null)
        {
            var member = await work.Db.Memberships.SingleOrDefaultAsync(row => row.UserId == user, cancellationToken);
            if (member is null)
                answer = new NotFound();
            else if (expectedVersion is { } version && version != member.Version)
                answer = new Conflict("stale");
            else
                return (work with { Member = member }, null);
        }

        await work.DisposeAsync();
        return (null, answer);
    }

    private static bool IsAdministrator(Membership member) => member is { Kind: AccountKind.Person, Disabled: false } && member.Roles.Contains(Role.TenantAdministrator);

    private static Task<int> OtherAdministratorsAsync(AccessDbContext db, UserId user, CancellationToken cancellationToken) =>
        db.Memberships.CountAsync(
            member => member.UserId != user && member.Kind == AccountKind.Person && !member.Disabled && member.Roles.Contains(Role.TenantAdministrator), cancellationToken);

    private static MemberView View(Membership row, string name, string? email) =>
        new(row.UserId, name, email, row.Kind, [.. row.Roles], row.Disabled, row.Version, row.JoinedAt);
}
