using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Uploads;

/// <summary>Takes files in, in blocks that may come in any order and again after a fault. A file is complete when its announced length and
/// SHA-256 match; until a use case takes it, it belongs to the one who began it and nobody else sees it.</summary>
public sealed class UploadDesk(ITenantDb<PlatformDbContext> databases, BlobStore blobs, StorageRoom room, TimeProvider time)
{
    public const int BlockSize = 8 * 1024 * 1024;
    public const long MaxLength = 2L * 1024 * 1024 * 1024;

    /// <summary>Begun and not complete, per person: more are no hurry but an attack or a mistake.</summary>
    public const int MostOpen = 100;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public async Task<Result<UploadView>> BeginAsync(Caller caller, BeginUpload request, CancellationToken cancellationToken)
    {
        if (Check(request) is { } refusal)
            return refusal;
        var now = time.GetMicrosecondNow();
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<UploadView>(caller, cancellationToken) is { } before)
            return before;
        if (await db.Uploads.CountAsync(open => open.OwnerId == caller.User && open.State == UploadState.Receiving && open.ExpiresAt > now, cancellationToken) >= MostOpen)
            return new Unavailable("uploads.too_many", MostOpen.ToString(CultureInfo.InvariantCulture)) { Kind = UnavailableKind.TooMany, RetryAfter = TimeSpan.FromMinutes(1) };
        if (await NoRoomAsync(db, request.Length, cancellationToken) is { } full)
            return full;
        var row = new UploadRow
        {
            Id = Id.New<UploadId>(now),
            OwnerId = caller.User,
            BlobId = Id.New<BlobId>(now),
            FileName = FileNames.Clean(request.FileName),
            Length = request.Length,
            Sha256 = request.Sha256.ToLowerInvariant(),
            CreatedAt = now,
            ExpiresAt = now + Lifetime,
        };
        db.Uploads.Add(row);
        return await db.CommitAsync(caller, View(row, []), now, cancellationToken);
    }

    /// <summary>Null while the files that are there and those announced fit.</summary>
    private async Task<Unavailable?> NoRoomAsync(PlatformDbContext db, long length, CancellationToken cancellationToken)
    {
        var now = time.GetMicrosecondNow();
        var announced = await db.Uploads.Where(upload => upload.State == UploadState.Receiving && upload.ExpiresAt > now).SumAsync(upload => upload.Length, cancellationToken);
        return await room.LeftAsync(db, announced, cancellationToken) < length ? await room.FullAsync(db, cancellationToken) : null;
    }

    public async Task<Result<UploadView>> GetAsync(Caller caller, UploadId id, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        return await FindAsync(db, caller, id, cancellationToken) is { } row ? View(row, await NumbersAsync(db, id, cancellationToken)) : new NotFound();
    }

    /// <param name="number">From 0; every block but the last has <see cref="BlockSize"/> bytes.</param>
    /// <param name="sha256">SHA-256 of this block, lower-case hex.</param>
    public async Task<Result<UploadView>> PutBlockAsync(Caller caller, UploadId id, int number, string sha256, Stream content, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        if (await FindAsync(db, caller, id, cancellationToken) is not { } row)
            return new NotFound();
        if (row.State != UploadState.Receiving)
            return new Conflict("uploads.already_complete");
        var expected = BlockLength(row, number);
        if (expected <= 0)
            return new Validation("uploads.no_such_block", number.ToString(CultureInfo.InvariantCulture), (BlockCount(row) - 1).ToString(CultureInfo.InvariantCulture));

        var block = new byte[expected];
        var read = await content.ReadAtLeastAsync(block, expected, throwOnEndOfStream: false, cancellationToken);
        if (read < expected || await content.ReadAsync(new byte[1], cancellationToken) > 0)
            return new Validation("uploads.block_length", number.ToString(CultureInfo.InvariantCulture), expected.ToString(CultureInfo.InvariantCulture));
        if (!string.Equals(Convert.ToHexStringLower(SHA256.HashData(block)), sha256, StringComparison.OrdinalIgnoreCase))
            return new Validation("uploads.block_hash", number.ToString(CultureInfo.InvariantCulture)) { Kind = ValidationKind.Unprocessable };

        await blobs.StageBlockAsync(caller.Tenant, row.BlobId, number, new MemoryStream(block), cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO platform.upload_blocks (tenant_id, upload_id, number, length, sha256) VALUES ({caller.Tenant.Value}, {id.Value}, {number}, {expected}, {sha256})
            ON CONFLICT (tenant_id, upload_id, number) DO UPDATE SET length = excluded.length, sha256 = excluded.sha256
            """,
            cancellationToken);
        return View(row, await NumbersAsync(db, id, cancellationToken));
    }

    /// <summary>Puts the blocks together and checks the whole.</summary>
    public async Task<Result<UploadView>> CompleteAsync(Caller caller, UploadId id, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        if (await FindAsync(db, caller, id, cancellationToken) is not { } row)
            return new NotFound();
        var numbers = await NumbersAsync(db, id, cancellationToken);
        if (row.State != UploadState.Receiving)
            return View(row, numbers);
        var missing = Enumerable.Range(0, BlockCount(row)).Except(numbers).ToList();
        if (missing.Count > 0)
            return new Conflict("uploads.blocks_missing", missing.Count.ToString(CultureInfo.InvariantCulture), missing[0].ToString(CultureInfo.InvariantCulture));

        await blobs.CommitBlocksAsync(caller.Tenant, row.BlobId, numbers.Count, cancellationToken);
        var actual = await blobs.HashAsync(caller.Tenant, row.BlobId, cancellationToken);
        if (actual != row.Sha256)
        {
            await blobs.DeleteAsync(caller.Tenant, row.BlobId, cancellationToken);
            db.UploadBlocks.RemoveRange(await db.UploadBlocks.Where(block => block.UploadId == id).ToListAsync(cancellationToken));
            await db.SaveChangesAsync(cancellationToken);
            return new Validation("uploads.hash", row.Sha256, actual) { Kind = ValidationKind.Unprocessable };
        }

        row.State = UploadState.Complete;
        db.Uploads.Update(row);
        await db.SaveChangesAsync(cancellationToken);
        return View(row, numbers);
    }

    /// <summary>Hands a complete file over to a use case: the blob's row joins the transaction of <paramref name="db"/>. Taking it twice is
    /// harmless, so that a retried use case finds its file again.</summary>
    public async Task<Result<TakenFile>> TakeAsync(TenantDbContext db, Caller caller, UploadId id, string purpose, CancellationToken cancellationToken)
    {
        await using var own = databases.Open(caller.Tenant);
        if (await FindAsync(own, caller, id, cancellationToken) is not { } row)
            return new NotFound("uploads.not_found");
        if (row.State == UploadState.Receiving)
            return new Conflict("uploads.incomplete");
        var blob = new BlobRow { TenantId = caller.Tenant, Id = row.BlobId, Length = row.Length, Sha256 = row.Sha256, Purpose = purpose, CreatedAt = time.GetMicrosecondNow() };
        if (!await db.Blobs.AnyAsync(known => known.Id == row.BlobId, cancellationToken))
            db.Blobs.Add(blob);
        return new TakenFile(blob, row.FileName);
    }

    private static Task<UploadRow?> FindAsync(PlatformDbContext db, Caller caller, UploadId id, CancellationToken cancellationToken) =>
        db.Uploads.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.OwnerId == caller.User, cancellationToken);

    private static Task<List<int>> NumbersAsync(PlatformDbContext db, UploadId id, CancellationToken cancellationToken) =>
        db.UploadBlocks.Where(block => block.UploadId == id).Select(block => block.Number).Order().ToListAsync(cancellationToken);

    private static Validation? Check(BeginUpload request)
    {
        if (request.Length > MaxLength)
            return new Validation("uploads.too_large", MaxLength.ToString(CultureInfo.InvariantCulture)) { Kind = ValidationKind.TooLarge };
        if (request.Length <= 0)
            return new Validation("uploads.empty");
        if (request.Sha256.Length != 64 || !request.Sha256.All(char.IsAsciiHexDigit))
            return new Validation("uploads.bad_hash");
        return FileNames.IsAcceptable(request.FileName) ? null : new Validation("uploads.bad_name");
    }

    private static int BlockCount(UploadRow row) => (int)((row.Length + BlockSize - 1) / BlockSize);

    private static int BlockLength(UploadRow row, int number) =>
        number < 0 || number >= BlockCount(row) ? 0 : (int)Math.Min(BlockSize, row.Length - ((long)number * BlockSize));

    private static UploadView View(UploadRow row, IReadOnlyList<int> received) =>
        new(row.Id, row.FileName, row.Length, row.Sha256, row.State, BlockSize, BlockCount(row), [.. received], row.ExpiresAt);
}
