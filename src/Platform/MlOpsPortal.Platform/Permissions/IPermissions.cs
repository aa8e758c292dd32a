using System.Collections.Immutable;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Permissions;

/// <summary>The question every use case asks first. Implemented by the Access module; answers are at most 5 s old.</summary>
public interface IPermissions
{
    /// <summary>For what belongs to the tenant as a whole.</summary>
    /// <returns><see cref="Forbidden"/> without a role of the permission.</returns>
    Task<Result<Done>> DemandAsync(Caller caller, Permission permission, CancellationToken cancellationToken);

    /// <summary>For what belongs to a scope (a project).</summary>
    /// <returns><see cref="NotFound"/> to whom the scope is hidden, <see cref="Forbidden"/> to a member without a role of the permission.</returns>
    Task<Result<Done>> DemandAsync(Caller caller, ScopeId scope, Permission permission, CancellationToken cancellationToken);

    /// <summary>For what belongs to the tenant as a whole, without a note in the trail when the answer is no: to offer something, not to guard it.</summary>
    async Task<bool> MayAsync(Caller caller, Permission permission, CancellationToken cancellationToken) => (await DemandAsync(caller, permission, cancellationToken)).IsOk;

    /// <summary>The scopes that the caller may know of, for lists and searches; <see cref="VisibleScopes.All"/> for an administrator.</summary>
    Task<VisibleScopes> VisibleScopesAsync(Caller caller, CancellationToken cancellationToken);

    /// <summary>The roles that count in a scope, for pages that show or hide an action; empty when the scope is hidden.</summary>
    Task<ImmutableHashSet<Role>> RolesAsync(Caller caller, ScopeId scope, CancellationToken cancellationToken);

    /// <summary>Makes the caller a member of the scope that this unit of work creates. Saved with it or not at all: nobody's scope would be hidden from everyone.</summary>
    void Join(TenantDbContext unit, Caller caller, ScopeId scope, DateTimeOffset now);
}

/// <summary>A filter for lists: everything in the tenant, or the named scopes.</summary>
public sealed record VisibleScopes(bool All, ImmutableArray<Guid> Scopes)
{
    public bool Contains(ScopeId scope) => All || Scopes.Contains(scope.Value);
}
