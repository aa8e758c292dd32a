using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Platform.Blobs;

/// <summary>Files of tenants, at <c>{tenant}/{blob id}</c>. Content is written once and never changed. Write the blob, then its row
/// (<see cref="TenantDbContext.Blobs"/>) in the transaction that refers to it; what has no row is swept.</summary>
public sealed class BlobStore(BlobContainerClient container, TimeProvider time)
{
    /// <summary>Makes the container if it is not there.</summary>
    public Task EnsureContainerAsync(CancellationToken cancellationToken) => container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);

    /// <summary>Does the store answer, and is the container there?</summary>
    public async Task<bool> IsThereAsync(CancellationToken cancellationToken) => await container.ExistsAsync(cancellationToken);

    /// <summary>Writes a whole stream, hashing it on the way.</summary>
    /// <returns>The row to add in the transaction that refers to the blob.</returns>
    public async Task<BlobRow> WriteAsync(TenantId tenant, Stream content, string purpose, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = Id.New<BlobId>(now);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var hashed = new HashingStream(content, hash);
        await Client(tenant, id).UploadAsync(hashed, new BlobUploadOptions(), cancellationToken);
        return new BlobRow { TenantId = tenant, Id = id, Length = hashed.Count, Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset()), Purpose = purpose, CreatedAt = now };
    }

    public async Task<BlobRow> WriteFileAsync(TenantId tenant, string path, string purpose, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return await WriteAsync(tenant, file, purpose, cancellationToken);
    }

    public Task<Stream> OpenReadAsync(TenantId tenant, BlobId id, CancellationToken cancellationToken) =>
        Client(tenant, id).OpenReadAsync(new BlobOpenReadOptions(allowModifications: false), cancellationToken);

    /// <summary>Copies a blob to a file and checks that it is what its row says.</summary>
    /// <exception cref="InvalidDataException">Length or hash differ: the store is damaged.</exception>
    public async Task DownloadAsync(TenantId tenant, BlobRow blob, string path, CancellationToken cancellationToken)
    {
        await Client(tenant, blob.Id).DownloadToAsync(path, cancellationToken);
        await using var file = File.OpenRead(path);
        var actual = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        if (actual != blob.Sha256)
            throw new InvalidDataException($"Blob {blob.Id} holds {actual}, its row says {blob.Sha256}.");
    }

    internal Task StageBlockAsync(TenantId tenant, BlobId id, int number, Stream content, CancellationToken cancellationToken) =>
        Client(tenant, id).StageBlockAsync(BlockName(number), content, options: null, cancellationToken);

    internal Task CommitBlocksAsync(TenantId tenant, BlobId id, int count, CancellationToken cancellationToken) =>
        Client(tenant, id).CommitBlockListAsync(Enumerable.Range(0, count).Select(BlockName), options: null, cancellationToken);

    internal async Task<string> HashAsync(TenantId tenant, BlobId id, CancellationToken cancellationToken)
    {
        await using var content = await OpenReadAsync(tenant, id, cancellationToken);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
    }

    public Task DeleteAsync(TenantId tenant, BlobId id, CancellationToken cancellationToken) =>
        Client(tenant, id).DeleteIfExistsAsync(DeleteSnapshotsOption.None, conditions: null, cancellationToken);

    /// <summary>Every blob that was written before a moment, for the sweeper.</summary>
    internal async IAsyncEnumerable<(TenantId Tenant, BlobId Id)> ListOlderThanAsync(DateTimeOffset moment, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix: null, cancellationToken))
        {
            var slash = item.Name.IndexOf('/', StringComparison.Ordinal);
            if (slash == 32 && item.Properties.LastModified < moment
                && Guid.TryParseExact(item.Name.AsSpan(0, slash), "n", out var tenant) && Guid.TryParseExact(item.Name.AsSpan(slash + 1), "n", out var id))
                yield return (new TenantId(tenant), new BlobId(id));
        }
    }

    private BlockBlobClient Client(TenantId tenant, BlobId id) => container.GetBlockBlobClient($"{tenant}/{id}");

    private static string BlockName(int number) => Convert.ToBase64String(Encoding.ASCII.GetBytes(number.ToString("d8", CultureInfo.InvariantCulture)));
}
