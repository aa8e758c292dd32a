using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using MlOpsPortal.Deployments.Releases;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Deployments.Serving;

/// <summary>Copies of model files on this machine, by tenant and hash, so that a portal starts without the blob store. A copy that is not what its name says is fetched anew.</summary>
internal sealed class CachedModelFiles(BlobStore blobs, IOptions<PortalFolderOptions> options) : IModelFiles
{
    public async Task<byte[]> ReadAsync(TenantId tenant, ServableFile file, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(options.Value.DataFolder, "models", tenant.ToString());
        var path = Path.Combine(folder, file.Sha256);
        if (File.Exists(path))
        {
            var kept = await File.ReadAllBytesAsync(path, cancellationToken);
            if (Convert.ToHexStringLower(SHA256.HashData(kept)) == file.Sha256)
                return kept;
        }

        Directory.CreateDirectory(folder);
        await using var content = await blobs.OpenReadAsync(tenant, file.Blob, cancellationToken);
        var bytes = new byte[file.Bytes];
        await content.ReadExactlyAsync(bytes, cancellationToken);
        var half = $"{path}.{Guid.NewGuid():n}";
        await File.WriteAllBytesAsync(half, bytes, cancellationToken);
        File.Move(half, path, overwrite: true);
        return bytes;
    }
}
