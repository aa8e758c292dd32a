using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Tracking.Data;

namespace MlOpsPortal.Tracking.Artifacts;

/// <summary>A file that comes in parts, and who may send them: <paramref name="Tickets"/> open one part each, for an hour, to whoever has them.</summary>
public sealed record ArtifactUpload(string Id, ImmutableArray<string> Tickets);

/// <summary>Files in parts, several at a time. Each part is sent with a ticket in place of a token, as MLflow's client sends it; ticket, tenant, upload and the owner's permission are
/// looked at again for every part and at the end. Addresses into the storage account itself are not given out: they could not be taken back when the file has become a part of an
/// approved version.</summary>
public sealed class ArtifactUploadDesk
{
    public const int MostParts = 10_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);
    private readonly ITenantDb<TrackingDbContext> databases;
    private readonly ArtifactOwners owners;
    private readonly ArtifactDesk artifacts;
    private readonly PartTickets tickets;
    private readonly BlobStore blobs;
    private readonly StorageRoom room;
    private readonly UploadGate gate;
    private readonly TimeProvider time;

    internal ArtifactUploadDesk(
        ITenantDb<TrackingDbContext> databases, ArtifactOwners owners, ArtifactDesk artifacts, PartTickets tickets, BlobStore blobs, StorageRoom room, UploadGate gate,
        TimeProvider time) =>
        (this.databases, this.owners, this.artifacts, this.tickets, this.blobs, this.room, this.gate, this.time) = (databases, owners, artifacts, tickets, blobs, room, gate, time);

    /// <param name="parts">1 to <see cref="MostParts"/>.</param>
    public async Task<Result<ArtifactUpload>> BeginAsync(Caller caller, ArtifactAddress address, long parts, CancellationToken cancellationToken)
    {
        if (address.Path.IsRoot)
            return ArtifactErrors.NoName();
        if (parts is < 1 or > MostParts)
            return ArtifactErrors.Parts(MostParts.ToString(CultureInfo.InvariantCulture));
        await using var db = databases.Open(caller.Tenant);
        var owner = await owners.DemandAsync(db, caller, address, TrackingPermissions.Log, toWrite: true, cancellationToken);
        if (!owner.IsOk)
            return owner.Refusal;
        if (await ArtifactStatements.PinnedAsync(db, address, cancellationToken))
            return ArtifactErrors.Pinned(address);
        if (await room.LeftAsync(db, 0, cancellationToken) == 0)
            return await room.FullAsync(db, cancellationToken);
        var now = time.GetMicrosecondNow();
        var row = new ArtifactUploadRow
        {
            Id = Guid.CreateVersion7(now),
            OwnerId = address.Owner.Id,
            IsModel = address.Owner.IsModel,
            Path = address.Path.Text,
            BlobId = Id.New<BlobId>(now),
            Parts = (int)parts,
            By = caller.User,
            ExpiresAt = now + Lifetime,
        };
        db.ArtifactUploads.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        return new ArtifactUpload(Id.Text(row.Id), [.. Enumerable.Range(1, row.Parts).Select(number => tickets.Write(new PartTicket(caller, row.Id, number)))]);
    }

    /// <summary>Takes one part. Sending it again is harmless.</summary>
    /// <param name="length">Bytes, if they are known.</param>
    public async Task<Result<Done>> PutPartAsync(string ticket, Stream content, long? length, CancellationToken cancellationToken)
    {
        if (tickets.Read(ticket) is not { } part)
            return ArtifactErrors.NoUpload();
        await using var db = databases.Open(part.Caller.Tenant);
        var found = await FindAsync(db, part.Caller, part.Upload, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var row = found.Value;
        if (row.Complete)
            return ArtifactErrors.NoUpload();
        using var place = gate.Enter(part.Caller.Tenant);
        if (place is null)
            return UploadGate.Full();
        var announced = await db.ArtifactParts.SumAsync(other => other.Length, cancellationToken);
        if (await room.LeftAsync(db, announced, cancellationToken) is { } left)
        {
            if (left < (length ?? 1))
                return await room.FullAsync(db, cancellationToken);
            content = new LimitedStream(content, left);
        }

        var connection = await db.ConnectAsync(cancellationToken);
        try
        {
            var (bytes, blocks) = await blobs.StagePartAsync(part.Caller.Tenant, row.BlobId, part.Number, content, length, cancellationToken);
            await using var note = connection.Sql(
                """
                INSERT INTO tracking.artifact_parts (tenant_id, upload_id, number, blocks, length) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (tenant_id, upload_id, number) DO UPDATE SET blocks = excluded.blocks, length = excluded.length
                """, part.Caller.Tenant.Value, part.Upload, part.Number, blocks, bytes);
            await note.ExecuteNonQueryAsync(cancellationToken);
            return Done.Instance;
        }
        catch (NoRoomException)
        {
            return await room.FullAsync(db, cancellationToken);
        }
    }

    /// <summary>Puts the parts together, by their numbers. Completing it again is answered as the first time.</summary>
    /// <param name="address">As it was begun.</param>
    /// <param name="numbers">The parts that the client sent.</param>
    public async Task<Result<Done>> CompleteAsync(Caller caller, ArtifactAddress address, string upload, ImmutableArray<long> numbers, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        await using var alone = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({upload}, 1))", cancellationToken); // a client that lost patience sends it again: the second waits for the first
        var found = await FindAsync(db, caller, Guid.TryParseExact(upload, "n", out var id) ? id : Guid.Empty, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var row = found.Value;
        if (row.OwnerId != address.Owner.Id || row.Path != address.Path.Text)
            return ArtifactErrors.NoUpload();
        if (row.Complete)
            return Done.Instance;
        var parts = await db.ArtifactParts.AsNoTracking().Where(part => part.UploadId == row.Id).OrderBy(part => part.Number).ToListAsync(cancellationToken);
        var missing = Enumerable.Range(1, row.Parts).Where(number => !numbers.Contains(number) || !parts.Exists(part => part.Number == number)).ToList();
        if (missing.Count > 0)
            return ArtifactErrors.PartsMissing(missing[0].ToString(CultureInfo.InvariantCulture), missing.Count.ToString(CultureInfo.InvariantCulture));
        var blob = await blobs.CommitPartsAsync(caller.Tenant, row.BlobId, parts.Select(part => (part.Number, part.Blocks)), ArtifactDesk.Purpose, cancellationToken);
        var kept = await artifacts.KeepAsync(caller, address, blob, cancellationToken);
        if (!kept.IsOk)
            return kept.Refusal;
        await db.ArtifactUploads.Where(known => known.Id == row.Id).ExecuteUpdateAsync(known => known.SetProperty(one => one.Complete, true), cancellationToken);
        await db.ArtifactParts.Where(part => part.UploadId == row.Id).ExecuteDeleteAsync(cancellationToken);
        await alone.CommitAsync(cancellationToken);
        return Done.Instance;
    }

    /// <summary>Gives an upload up. One that is not there is given up already.</summary>
    public async Task<Result<Done>> AbortAsync(Caller caller, string upload, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        if (!Guid.TryParseExact(upload, "n", out var id) || await FindAsync(db, caller, id, cancellationToken) is not { IsOk: true, Value: { Complete: false } })
            return Done.Instance;
        await db.ArtifactParts.Where(part => part.UploadId == id).ExecuteDeleteAsync(cancellationToken);
        await db.ArtifactUploads.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken);
        return Done.Instance;
    }

    /// <summary>Another's upload is not found; and who began it must still be allowed to.</summary>
    private async Task<Result<ArtifactUploadRow>> FindAsync(TrackingDbContext db, Caller caller, Guid id, CancellationToken cancellationToken)
    {
        var now = time.GetMicrosecondNow();
        var row = await db.ArtifactUploads.AsNoTracking().SingleOrDefaultAsync(upload => upload.Id == id && upload.By == caller.User && upload.ExpiresAt > now, cancellationToken);
        if (row is null)
            return ArtifactErrors.NoUpload();
        var owner = row.IsModel ? ArtifactOwner.Of(new LoggedModelId(row.OwnerId)) : ArtifactOwner.Of(new RunId(row.OwnerId));
        var may = await owners.DemandAsync(db, caller, new ArtifactAddress(owner, ArtifactPath.Root), TrackingPermissions.Log, toWrite: true, cancellationToken);
        return may.IsOk ? row : may.Refusal;
    }
}
