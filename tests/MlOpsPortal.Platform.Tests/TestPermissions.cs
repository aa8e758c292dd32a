using System.Collections.Immutable;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Tests;

/// <summary>Everybody may everything, but one scope is hidden.</summary>
internal sealed class TestPermissions : IPermissions
{
    public static readonly ScopeId Hidden = new(Guid.CreateVersion7());

    public Task<Result<Done>> DemandAsync(Caller caller, Permission permission, CancellationToken cancellationToken) => Task.FromResult<Result<Done>>(Done.Instance);

    public Task<Result<Done>> DemandAsync(Caller caller, ScopeId scope, Permission permission, CancellationToken cancellationToken) =>
        Task.FromResult<Result<Done>>(scope == Hidden ? new NotFound() : Done.Instance);

    public Task<VisibleScopes> VisibleScopesAsync(Caller caller, CancellationToken cancellationToken) => Task.FromResult(new VisibleScopes(All: true, []));

    public Task<ImmutableHashSet<Role>> RolesAsync(Caller caller, ScopeId scope, CancellationToken cancellationToken) => Task.FromResult(ImmutableHashSet<Role>.Empty);

    public void Join(TenantDbContext unit, Caller caller, ScopeId scope, DateTimeOffset now)
    {
        // Nobody is a member of anything here.
    }
}
