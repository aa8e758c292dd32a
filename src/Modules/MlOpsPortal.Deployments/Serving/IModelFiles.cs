using MlOpsPortal.Deployments.Releases;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Deployments.Serving;

/// <summary>Where model files come from: the blob store, by way of this machine's disk.</summary>
internal interface IModelFiles
{
    /// <summary>The file's bytes; the loader hashes them.</summary>
    Task<byte[]> ReadAsync(TenantId tenant, ServableFile file, CancellationToken cancellationToken);
}
