using System.Collections.Immutable;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access.Roles;

/// <summary>What the caller herself is in the tenant, for pages that show or hide an action. Asking leaves no refused attempt in the trail; the use case asks again.</summary>
public sealed class OwnRoles(Standings standings)
{
    public async Task<ImmutableHashSet<Role>> InTenantAsync(Caller caller, CancellationToken cancellationToken) =>
        (await standings.GetAsync(caller.Tenant, caller.User, cancellationToken))?.InTenant(caller.OnlyRoles) ?? [];

    public async Task<bool> MayAsync(Caller caller, Permission permission, CancellationToken cancellationToken)
    {
        var roles = await InTenantAsync(caller, cancellationToken);
        return permission.Roles.Any(roles.Contains);
    }
}
