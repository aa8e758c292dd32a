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

    /// <summary>Writes a whole stream of any length, hashing it on the way; a few blocks of it are in memory at a time.</summary>
    /// <param name="expected">Bytes, if they are known.</param>
    /// <returns>The row to add in the transaction that refers to the blob.</returns>
    public async Task<BlobRow> WriteAsync(TenantId tenant, Stream content, string purpose, CancellationToken cancellationToken, long? expected = null)
    {
        var now = time.GetUtcNow();
        var id = Id.New<BlobId>(now);
        var (length, sha256) = await BlockWriter.WriteAsync(Client(tenant, id), content, expected, cancellationToken);
        return new BlobRow { TenantId = tenant, Id = id, Length = length, Sha256 = sha256, Purpose = purpose, CreatedAt = now };
    }

    public async Task<BlobRow> WriteFileAsync(TenantId tenant, string path, string purpose, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return await WriteAsync(tenant, file, purpose, cancellationToken);
    }

    public Task<Stream> OpenReadAsync(TenantId tenant, BlobId id, CancellationToken cancellationToken) =>
        Client(tenant, id).OpenReadAsync(new BlobOpenReadOptions(allowModifications: false), cancellationToken);

    /// <summary>Content as it comes from the store, one request and no copy in between.</summary>
    /// <param name="count">Bytes; null for all that follow.</param>
    public async Task<Stream> StreamAsync(TenantId tenant, BlobId id, long offset, long? count, CancellationToken cancellationToken)
    {
        var answer = await Client(tenant, id).DownloadStreamingAsync(new BlobDownloadOptions { Range = new Azure.HttpRange(offset, count) }, cancellationToken);
        return answer.Value.Content;
    }

    /// <summary>Stages one part of a blob that comes in parts: parts in any order, each again after a fault, the later one counts.</summary>
    /// <param name="part">From 1, at most 99,999.</param>
    /// <returns>Its bytes, and the blocks it became.</returns>
    public Task<(long Length, int Blocks)> StagePartAsync(TenantId tenant, BlobId id, int part, Stream content, long? expected, CancellationToken cancellationToken) =>
        BlockWriter.StageAsync(Client(tenant, id), content, expected, block => PartBlockName(part, block), cancellationToken);

    /// <summary>Puts the parts together, in this order, and reads the whole once for its hash.</summary>
    /// <returns>The row to add in the transaction that refers to the blob.</returns>
    public async Task<BlobRow> CommitPartsAsync(TenantId tenant, BlobId id, IEnumerable<(int Part, int Blocks)> parts, string purpose, CancellationToken cancellationToken)
    {
        await Client(tenant, id).CommitBlockListAsync(parts.SelectMany(part => Enumerable.Range(0, part.Blocks).Select(block => PartBlockName(part.Part, block))), options: null, cancellationToken);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var content = await StreamAsync(tenant, id, 0, null, cancellationToken);
        await using var hashed = new HashingStream(content, hash);
        await hashed.CopyToAsync(Stream.Null, 1024 * 1024, cancellationToken);
        return new BlobRow { TenantId = tenant, Id = id, Length = hashed.Count, Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset()), Purpose = purpose, CreatedAt = time.GetUtcNow() };
    }

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

    private static string PartBlockName(int part, int block) => Convert.ToBase64String(Encoding.ASCII.GetBytes($"{part:d5}-{block:d5}"));

    private static string BlockName(int number) => Convert.ToBase64String(Encoding.ASCII.GetBytes(number.ToString("d8", CultureInfo.InvariantCulture)));
}
