using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace MlOpsPortal.Platform.Blobs;

/// <summary>Streams content of any length into a block blob: reading and hashing go on while earlier blocks are on their way. Holds at most
/// <see cref="InFlight"/> + 1 blocks, one when many come at once, and of a content that is shorter than a block no more than it is long.</summary>
internal static class BlockWriter
{
    private const int InFlight = 3;

    /// <summary>Blocks beyond one per content that are on their way at once, of all contents of this process: without a place a content goes on block by block.</summary>
    private static readonly SemaphoreSlim Ahead = new(24);
    private const int FirstRead = 64 * 1024;
    private const int MiB = 1024 * 1024;

    /// <param name="expected">Bytes, if known: saves growing the buffer.</param>
    /// <returns>Length and SHA-256 (lower-case hex) of what was written.</returns>
    public static async Task<(long Length, string Sha256)> WriteAsync(BlockBlobClient blob, Stream content, long? expected, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var first = await FillAsync(content, hash, BlockSize(0), expected, cancellationToken);
        if (first.Length < BlockSize(0))
        {
            await PutWholeAsync(blob, first, cancellationToken);
            return (first.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }

        var (length, count) = await PutBlocksAsync(blob, content, hash, first, cancellationToken);
        await blob.CommitBlockListAsync(Enumerable.Range(0, count).Select(Name), options: null, cancellationToken);
        return (length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Content that is a part of a blob, as blocks that nobody has committed. Parts come in any order, so that the whole is hashed at the end.</summary>
    /// <param name="name">Base64, equally long for all blocks of a blob.</param>
    public static async Task<(long Length, int Count)> StageAsync(BlockBlobClient blob, Stream content, long? expected, Func<int, string> name, CancellationToken cancellationToken)
    {
        var first = await FillAsync(content, hash: null, BlockSize(0), expected, cancellationToken);
        return await PutBlocksAsync(blob, content, hash: null, first, cancellationToken, name);
    }

    /// <summary>A blob has at most 50,000 blocks: they grow, so that 3 TiB fit.</summary>
    public static int BlockSize(int number) => number < 2_000 ? 8 * MiB : 64 * MiB;

    private static async Task<(long Length, int Count)> PutBlocksAsync(
        BlockBlobClient blob, Stream content, IncrementalHash? hash, Block first, CancellationToken cancellationToken, Func<int, string>? name = null)
    {
        var length = 0L;
        var number = 0;
        var underway = new Queue<Task>(InFlight);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            for (var block = first; block.Length > 0; block = await FillAsync(content, hash, BlockSize(number), BlockSize(number), failed.Token))
            {
                length += block.Length;
                if (await Ahead.WaitAsync(0, CancellationToken.None))
                    underway.Enqueue(StageAheadAsync(blob, (name ?? Name)(number++), block, failed.Token));
                else
                    await StageAsync(blob, (name ?? Name)(number++), block, failed.Token);
                if (underway.Count >= InFlight)
                    await underway.Dequeue();
            }

            await Task.WhenAll(underway);
            return (length, number);
        }
        catch
        {
            await failed.CancelAsync();
            await Task.WhenAll(underway).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default); // their buffers go back first; the first fault is the one to tell
            throw;
        }
    }

    private static async Task PutWholeAsync(BlockBlobClient blob, Block block, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new MemoryStream(block.Buffer, 0, block.Length, writable: false);
            await blob.UploadAsync(content, new BlobUploadOptions(), cancellationToken); // unlike its sisters it does not take null
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block.Buffer);
        }
    }

    private static async Task StageAsync(BlockBlobClient blob, string name, Block block, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new MemoryStream(block.Buffer, 0, block.Length, writable: false);
            await blob.StageBlockAsync(name, content, options: null, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block.Buffer);
        }
    }

    private static async Task StageAheadAsync(BlockBlobClient blob, string name, Block block, CancellationToken cancellationToken)
    {
        try
        {
            await StageAsync(blob, name, block, cancellationToken);
        }
        finally
        {
            Ahead.Release();
        }
    }

    /// <summary>Reads until the block is full or the content ends. The buffer starts small and doubles: ten thousand callers who send a byte each hold no block each.</summary>
    private static async Task<Block> FillAsync(Stream content, IncrementalHash? hash, int size, long? expected, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(expected + 1 ?? FirstRead, 1, size));
        var length = 0;
        try
        {
            while (length < size)
            {
                if (length == buffer.Length)
                    buffer = Grow(buffer, size);
                var read = await content.ReadAsync(buffer.AsMemory(length, Math.Min(buffer.Length, size) - length), cancellationToken);
                if (read == 0)
                    break;
                hash?.AppendData(buffer, length, read);
                length += read;
            }

            if (length == 0 && size > 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = [];
            }

            return new Block(buffer, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static byte[] Grow(byte[] buffer, int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 2, size));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static string Name(int number) => Convert.ToBase64String(Encoding.ASCII.GetBytes(number.ToString("d8", CultureInfo.InvariantCulture)));

    private readonly record struct Block(byte[] Buffer, int Length);
}
