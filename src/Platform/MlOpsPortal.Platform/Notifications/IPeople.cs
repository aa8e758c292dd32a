using System.Collections.Immutable;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Platform.Notifications;

/// <summary>Who there is to be told something. Implemented by Access.</summary>
public interface IPeople
{
    /// <summary>The people (no service accounts, nobody who is disabled) who may know of a scope, by name; all of the tenant without one. At most 1,000.</summary>
    Task<ImmutableArray<Addressee>> WhoSeesAsync(TenantId tenant, ScopeId? scope, CancellationToken cancellationToken);

    /// <returns>The tenant's part of the address; null when the tenant is not at work.</returns>
    Task<string?> SlugAsync(TenantId tenant, CancellationToken cancellationToken);
}

/// <summary>Somebody who can be told.</summary>
/// <param name="Roles">Those that count in the scope asked for.</param>
/// <param name="IsMember">Of that scope; false for an administrator who sees it without being one. True without a scope.</param>
public sealed record Addressee(UserId Id, string Name, string Email, ImmutableHashSet<Role> Roles, bool IsMember)
{
    public bool Holds(Permission permission) => IsMember && permission.Roles.Any(Roles.Contains);
}
