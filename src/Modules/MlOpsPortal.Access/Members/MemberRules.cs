using System.Collections.Immutable;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Access.Members;

/// <summary>Who may be given which roles by whom. Pure; beyond the permission itself.</summary>
internal static class MemberRules
{
    /// <returns>Null when the roles make sense in a tenant.</returns>
    public static Validation? CheckTenantRoles(ImmutableArray<Role> roles) =>
        roles.IsDefaultOrEmpty ? AccessErrors.Field("roles", "access.roles_empty") : CheckKnown(roles);

    /// <summary>In a scope nobody administers the tenant; and who is no administrator neither changes her own roles nor makes approvers,
    /// or two people who work together could approve each other's release.</summary>
    /// <param name="by">The roles in the scope of the one who changes.</param>
    public static Refusal? CheckScopeRoles(ImmutableHashSet<Role> by, UserId actor, UserId subject, ImmutableArray<Role> before, ImmutableArray<Role> after)
    {
        if (after.IsDefault)
            return AccessErrors.Field("roles", "access.roles_empty");
        if (CheckKnown(after) is { } unknown)
            return unknown;
        if (after.Contains(Role.TenantAdministrator))
            return AccessErrors.Field("roles", "access.no_administrator_in_scope");
        if (by.Contains(Role.TenantAdministrator))
            return null;
        if (actor == subject)
            return new Forbidden("access.not_oneself");
        return before.Contains(Role.RiskManager) != after.Contains(Role.RiskManager) ? new Forbidden("access.approvers_by_administrator") : null;
    }

    /// <summary>A tenant keeps a person who can let others in.</summary>
    /// <param name="otherAdministrators">People, not services, who are members, not disabled, and administrators, besides the one concerned.</param>
    public static Refusal? CheckAdministratorStays(bool wasAdministrator, bool staysAdministrator, int otherAdministrators) =>
        wasAdministrator && !staysAdministrator && otherAdministrators == 0 ? AccessErrors.LastAdministrator : null;

    /// <summary>A token gives no more than the token that asks for it.</summary>
    public static Result<ImmutableArray<Role>?> NarrowToken(ImmutableArray<Role>? wanted, ImmutableHashSet<Role>? only)
    {
        if (wanted is { } roles && (roles.IsDefaultOrEmpty || CheckKnown(roles) is not null))
            return AccessErrors.Field("roles", "access.roles_empty");
        if (only is null)
            return new Result<ImmutableArray<Role>?> { Value = wanted };
        if (wanted is null)
            return new Result<ImmutableArray<Role>?> { Value = [.. only.Order()] };
        return wanted.Value.All(only.Contains) ? new Result<ImmutableArray<Role>?> { Value = wanted } : AccessErrors.Field("roles", "access.token_wider");
    }

    private static Validation? CheckKnown(ImmutableArray<Role> roles) => roles.All(Enum.IsDefined) ? null : AccessErrors.Field("roles", "access.roles_empty");
}
