using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Access.Roles;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access.Members;

/// <summary>A member of a project.</summary>
/// <param name="Roles">Roles that count in this project only.</param>
/// <param name="TenantRoles">Roles from the tenant, which count here too.</param>
public sealed record ScopeMemberView(
    UserId User, string Name, string? Email, ImmutableArray<Role> Roles, ImmutableArray<Role> TenantRoles, bool Disabled, long Version, DateTimeOffset JoinedAt);

/// <summary>The members of a scope (a project): everyone else in the tenant but its administrators does not know that it exists.</summary>
public sealed class ScopeMemberDesk(ITenantDb<AccessDbContext> databases, MemberDesk members, IPermissions permissions, Standings standings, TimeProvider time)
{
    /// <summary>Two that add the same member at once: the second finds her there.</summary>
    internal static readonly IReadOnlyDictionary<string, Refusal> Twice =
        new Dictionary<string, Refusal>(StringComparer.Ordinal) { ["pk_scope_memberships"] = new Conflict("stale") };

    /// <summary>All of them: a project has a team, not a crowd.</summary>
    public async Task<Result<ImmutableArray<ScopeMemberView>>> ListAsync(Caller caller, ScopeId scope, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, scope, AccessPermissions.SeeMembers, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        await using var db = databases.Open(caller.Tenant);
        var rows = await db.ScopeMemberships.AsNoTracking().Where(member => member.Scope == scope).OrderBy(member => member.UserId).ToListAsync(cancellationToken);
        return await ViewAsync(db, rows, cancellationToken);
    }

    /// <summary>Adds a member of the tenant to the scope, or changes her roles in it.</summary>
    /// <param name="expectedVersion">Null: whatever is there; 0: nothing is there yet.</param>
    public async Task<Result<ScopeMemberView>> PutAsync(Caller caller, ScopeId scope, UserId user, ImmutableArray<Role> roles, long? expectedVersion, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, scope, AccessPermissions.ManageScopeMembers, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<ScopeMemberView>(caller, cancellationToken) is { } earlier)
            return earlier;
        if (!await db.Memberships.AnyAsync(member => member.UserId == user, cancellationToken))
            return new NotFound("access.member_unknown");
        var row = await db.ScopeMemberships.SingleOrDefaultAsync(member => member.Scope == scope && member.UserId == user, cancellationToken);
        if (expectedVersion is { } version && version != (row?.Version ?? 0))
            return new Conflict("stale");
        ImmutableArray<Role> before = row is null ? [] : [.. row.Roles];
        if (MemberRules.CheckScopeRoles(await permissions.RolesAsync(caller, scope, cancellationToken), caller.User, user, before, roles) is { } refusal)
            return refusal;
        var now = time.GetMicrosecondNow();
        ImmutableArray<Role> after = [.. roles.Distinct().Order()];
        var name = await members.NameAsync(user, cancellationToken);
        if (row is null)
        {
            row = new ScopeMembership { Scope = scope, UserId = user, Roles = [.. after], JoinedAt = now };
            db.ScopeMemberships.Add(row);
            db.Record(caller, Subjects.Member(user, name, scope), new ScopeMemberJoined(after), now);
        }
        else if (!before.SequenceEqual(after))
        {
            (row.Roles, row.Version) = ([.. after], row.Version + 1);
            db.Record(caller, Subjects.Member(user, name, scope), new ScopeMemberRolesChanged(before, after), now);
        }

        var done = await db.CommitAsync(caller, (await ViewAsync(db, [row], cancellationToken))[0], now, cancellationToken, Twice);
        standings.Forget(caller.Tenant, user);
        return done;
    }

    public async Task<Result<Done>> RemoveAsync(Caller caller, ScopeId scope, UserId user, long? expectedVersion, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, scope, AccessPermissions.ManageScopeMembers, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        await using var db = databases.Open(caller.Tenant);
        if (await db.ScopeMemberships.SingleOrDefaultAsync(member => member.Scope == scope && member.UserId == user, cancellationToken) is not { } row)
            return new NotFound();
        if (expectedVersion is { } version && version != row.Version)
            return new Conflict("stale");
        if (caller.User != user
            && MemberRules.CheckScopeRoles(await permissions.RolesAsync(caller, scope, cancellationToken), caller.User, user, [.. row.Roles], []) is { } refusal)
            return refusal;
        var now = time.GetMicrosecondNow();
        db.ScopeMemberships.Remove(row);
        db.Record(caller, Subjects.Member(user, await members.NameAsync(user, cancellationToken), scope), new ScopeMemberRemoved(), now);
        var done = await db.CommitAsync(caller, Done.Instance, now, cancellationToken);
        standings.Forget(caller.Tenant, user);
        return done;
    }

    private async Task<ImmutableArray<ScopeMemberView>> ViewAsync(AccessDbContext db, IReadOnlyList<ScopeMembership> rows, CancellationToken cancellationToken)
    {
        var ids = rows.Select(row => row.UserId).ToList();
        var known = await db.Memberships.AsNoTracking().Where(member => ids.Contains(member.UserId)).ToListAsync(cancellationToken);
        var people = (await members.ViewAsync(known, cancellationToken)).ToDictionary(member => member.User);
        return
        [
            .. rows.Where(row => people.ContainsKey(row.UserId)).Select(row => (Row: row, Person: people[row.UserId])).Select(pair => new ScopeMemberView(
                pair.Row.UserId, pair.Person.Name, pair.Person.Email, [.. pair.Row.Roles], pair.Person.Roles, pair.Person.Disabled, pair.Row.Version, pair.Row.JoinedAt)),
        ];
    }
}
