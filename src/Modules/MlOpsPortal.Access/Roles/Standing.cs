using System.Collections.Immutable;
using MlOpsPortal.Access.Tenants;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Access.Roles;

/// <summary>What an account is in a tenant right now: its roles there, and the scopes it is a member of with the roles that count in them only.
/// No standing: not a member, or disabled.</summary>
/// <param name="Stamp">Changes with the password; a session that carries another one is over.</param>
/// <param name="Suspended">The tenant is: then there are no roles and no scopes, and whoever asks is told why.</param>
internal sealed record Standing(string Stamp, ImmutableHashSet<Role> Roles, ImmutableDictionary<ScopeId, ImmutableHashSet<Role>> Scopes, SuspendedTenant? Suspended = null)
{
    /// <param name="only">The roles that a token was narrowed to; null for all.</param>
    public ImmutableHashSet<Role> InTenant(ImmutableHashSet<Role>? only) => Narrow(Roles, only);

    /// <summary>Members: their roles of tenant and scope. An administrator who is no member sees everything, with that role alone.</summary>
    /// <returns>Null: the scope is hidden.</returns>
    public ImmutableHashSet<Role>? In(ScopeId scope, ImmutableHashSet<Role>? only)
    {
        if (Scopes.TryGetValue(scope, out var here))
            return Narrow(Roles.Union(here), only);
        return IsAdministrator(only) ? [Role.TenantAdministrator] : null;
    }

    public bool IsMember(ScopeId scope) => Scopes.ContainsKey(scope);

    public VisibleScopes Visible(ImmutableHashSet<Role>? only) =>
        IsAdministrator(only) ? new VisibleScopes(All: true, []) : new VisibleScopes(All: false, [.. Scopes.Keys.Select(scope => scope.Value)]);

    private bool IsAdministrator(ImmutableHashSet<Role>? only) => InTenant(only).Contains(Role.TenantAdministrator);

    private static ImmutableHashSet<Role> Narrow(ImmutableHashSet<Role> roles, ImmutableHashSet<Role>? only) => only is null ? roles : roles.Intersect(only);
}
