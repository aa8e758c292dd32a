using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Access.Members;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access.Roles;

/// <summary>Where a role was given.</summary>
public enum RoleSource
{
    Tenant,
    Project,
}

/// <summary>A role and where it comes from.</summary>
public sealed record GivenRole(Role Role, RoleSource From);

/// <summary>One thing one can do, whether she may, and why.</summary>
/// <param name="Because">The roles that give it; empty when it is not given.</param>
/// <param name="Needs">The roles that would give it.</param>
public sealed record EffectivePermission(string Module, string Permission, bool Allowed, ImmutableArray<GivenRole> Because, ImmutableArray<Role> Needs);

/// <summary>What a member may see and do, in a project or in the tenant as a whole.</summary>
/// <param name="Project">Null: the tenant as a whole.</param>
/// <param name="Sees">Does she know of the project at all?</param>
/// <param name="KeptOut">Disabled: nothing counts for now.</param>
/// <param name="Projects">Those she is a member of, with the roles that count there only.</param>
public sealed record EffectivePermissionsView(
    MemberView Member, ScopeId? Project, bool Sees, bool KeptOut, ImmutableArray<GivenRole> Roles, ImmutableArray<EffectivePermission> Permissions, ImmutableArray<ProjectRoles> Projects);

public sealed record ProjectRoles(ScopeId Project, ImmutableArray<Role> Roles);

/// <summary>Explains what a member may do, by the very rules that decide it.</summary>
public sealed class EffectivePermissions(
    ITenantDb<AccessDbContext> databases, MemberDesk members, IPermissions permissions, IScopeDirectory scopes, IEnumerable<PermissionList> lists)
{
    /// <summary>Of oneself, or as administrator of anyone.</summary>
    /// <returns>NotFound for who is no member of this tenant, and for a project that is not there.</returns>
    public async Task<Result<EffectivePermissionsView>> OfAsync(Caller caller, UserId user, ScopeId? project, CancellationToken cancellationToken)
    {
        if (user != caller.User && await permissions.DemandAsync(caller, AccessPermissions.ManageMembers, cancellationToken) is { IsOk: false } refused)
            return refused.Refusal;
        await using var db = databases.Open(caller.Tenant);
        if (await db.Memberships.AsNoTracking().SingleOrDefaultAsync(member => member.UserId == user, cancellationToken) is not { } row)
            return new NotFound("access.member_unknown");
        var mine = await db.ScopeMemberships.AsNoTracking().Where(member => member.UserId == user).ToListAsync(cancellationToken);
        if (project is { } asked && !mine.Exists(member => member.Scope == asked) && !await scopes.ExistsAsync(caller.Tenant, asked, cancellationToken))
            return new NotFound();
        var view = (await members.ViewAsync([row], cancellationToken))[0];
        var standing = new Standing("", [.. row.Roles], mine.ToImmutableDictionary(member => member.Scope, member => member.Roles.ToImmutableHashSet()));
        var (sees, roles) = Roles(standing, project);
        return new EffectivePermissionsView(
            view, project, sees && !row.Disabled, row.Disabled, roles, Explain(lists, row.Disabled ? [] : roles),
            [.. mine.Select(member => new ProjectRoles(member.Scope, [.. member.Roles]))]);
    }

    /// <summary>The roles that count, each with where it was given; a role of both counts by both.</summary>
    internal static (bool Sees, ImmutableArray<GivenRole> Roles) Roles(Standing standing, ScopeId? project)
    {
        if (project is not { } scope)
            return (true, [.. standing.Roles.Order().Select(role => new GivenRole(role, RoleSource.Tenant))]);
        if (standing.In(scope, null) is not { } counting)
            return (false, []);
        var here = standing.Scopes.GetValueOrDefault(scope) ?? [];
        return (true,
        [
            .. counting.Where(standing.Roles.Contains).Order().Select(role => new GivenRole(role, RoleSource.Tenant)),
            .. counting.Where(here.Contains).Order().Select(role => new GivenRole(role, RoleSource.Project)),
        ]);
    }

    internal static ImmutableArray<EffectivePermission> Explain(IEnumerable<PermissionList> lists, ImmutableArray<GivenRole> roles) =>
    [
        .. lists.SelectMany(list => list.Permissions.Select(permission => Explain(list.Module, permission, roles))),
    ];

    private static EffectivePermission Explain(string module, Permission permission, ImmutableArray<GivenRole> roles)
    {
        ImmutableArray<GivenRole> because = [.. roles.Where(given => permission.Roles.Contains(given.Role))];
        return new EffectivePermission(module, permission.Name, because.Length > 0, because, permission.Roles);
    }
}
