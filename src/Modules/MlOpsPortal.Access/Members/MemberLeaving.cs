using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access.Members;

/// <summary>What breaks when a member is removed.</summary>
/// <param name="Projects">How many projects she works on.</param>
/// <param name="Tokens">Names of the tokens that stop; what uses them fails with 401.</param>
/// <param name="Gaps">Roles that nobody has any more in a project that she is in, or in the tenant.</param>
/// <param name="LastAdministrator">She cannot be removed.</param>
public sealed record MemberLeaving(int Projects, ImmutableArray<string> Tokens, ImmutableArray<RoleGap> Gaps, bool LastAdministrator);

/// <param name="Project">Null: the tenant as a whole.</param>
public sealed record RoleGap(ScopeId? Project, Role Role);

/// <summary>Looks ahead, so that whoever removes somebody knows what stops.</summary>
public sealed class MemberLeavingDesk(ITenantDb<AccessDbContext> databases, IPermissions permissions, TimeProvider time)
{
    /// <summary>Roles without which work in a project stands still: no gate is signed, no release approved, nothing deployed.</summary>
    private static readonly Role[] Needed = [Role.BusinessOwner, Role.DataScientist, Role.MlOpsEngineer, Role.RiskManager];

    public async Task<Result<MemberLeaving>> LookAsync(Caller caller, UserId user, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, AccessPermissions.ManageMembers, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        await using var db = databases.Open(caller.Tenant);
        var members = await db.Memberships.AsNoTracking().Where(member => !member.Disabled || member.UserId == user).ToListAsync(cancellationToken);
        if (members.Find(member => member.UserId == user) is not { } leaving)
            return new NotFound();
        var scopes = await db.ScopeMemberships.AsNoTracking().Where(row => db.ScopeMemberships.Any(mine => mine.UserId == user && mine.Scope == row.Scope)).ToListAsync(cancellationToken);
        var now = time.GetMicrosecondNow();
        var tokens = await db.Tokens.AsNoTracking().Where(token => token.UserId == user && token.RevokedAt == null && token.ExpiresAt > now).OrderBy(token => token.Name)
            .Select(token => token.Name).ToListAsync(cancellationToken);
        var others = members.Where(member => member.UserId != user).ToDictionary(member => member.UserId, member => (IReadOnlyCollection<Role>)member.Roles);
        return new MemberLeaving(
            scopes.Count(row => row.UserId == user), [.. tokens], Gaps(user, leaving.Roles, others, scopes.ConvertAll(row => (row.Scope, row.UserId, (IReadOnlyCollection<Role>)row.Roles))),
            leaving is { Kind: AccountKind.Person, Disabled: false } && leaving.Roles.Contains(Role.TenantAdministrator)
                && !members.Exists(member => member.UserId != user && member.Kind == AccountKind.Person && member.Roles.Contains(Role.TenantAdministrator)));
    }

    /// <summary>The needed roles that she has in a project and that no other member of it has, by tenant or project.</summary>
    internal static ImmutableArray<RoleGap> Gaps(
        UserId user, IReadOnlyCollection<Role> own, IReadOnlyDictionary<UserId, IReadOnlyCollection<Role>> others, IReadOnlyCollection<(ScopeId Scope, UserId User, IReadOnlyCollection<Role> Roles)> teams)
    {
        var gaps = ImmutableArray.CreateBuilder<RoleGap>();
        foreach (var team in teams.GroupBy(row => row.Scope))
        {
            var had = team.Where(row => row.User == user).SelectMany(row => row.Roles.Concat(own)).ToHashSet();
            var stays = team.Where(row => row.User != user && others.ContainsKey(row.User)).SelectMany(row => row.Roles.Concat(others[row.User])).ToHashSet();
            gaps.AddRange(Needed.Where(role => had.Contains(role) && !stays.Contains(role)).Select(role => new RoleGap(team.Key, role)));
        }

        return gaps.ToImmutable();
    }
}
