using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Platform.Permissions;

/// <summary>Which scopes there are: asked for an administrator, who sees every scope of her tenant but must not find one that is not there.
/// Implemented by the module whose things are the scopes (Projects).</summary>
public interface IScopeDirectory
{
    Task<bool> ExistsAsync(TenantId tenant, ScopeId scope, CancellationToken cancellationToken);

    /// <summary>Their names, for lists over several scopes; what is not there is left out.</summary>
    Task<IReadOnlyDictionary<ScopeId, string>> NamesAsync(TenantId tenant, IReadOnlyCollection<ScopeId> scopes, CancellationToken cancellationToken);
}
