using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Models.Data;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Jobs;

namespace MlOpsPortal.Models.Evaluation;

/// <summary>Brings blobs into a child's folder, hashed on arrival and read-only from then on.</summary>
internal sealed class Staging(ITenantDb<ModelsDbContext> databases, BlobStore blobs)
{
    /// <exception cref="InvalidDataException">The blob is not what its row says.</exception>
    public async Task StageAsync(TenantId tenant, BlobId id, string path, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(tenant);
        var row = await db.Blobs.AsNoTracking().SingleOrDefaultAsync(blob => blob.Id == id, cancellationToken)
            ?? throw new InvalidDataException($"Blob {id} has no row.");
        await StageAsync(tenant, row, path, cancellationToken);
    }

    public async Task StageAsync(TenantId tenant, BlobRow row, string path, CancellationToken cancellationToken)
    {
        await blobs.DownloadAsync(tenant, row, path, cancellationToken);
        ScratchFolder.Protect(path);
    }
}
