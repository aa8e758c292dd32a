using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Tracking.Data;

namespace MlOpsPortal.Tracking.Artifacts;

/// <summary>A file of a run or a logged model.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Lower-case hex.</param>
public sealed record Artifact(ArtifactPath Path, long Length, string Sha256, DateTimeOffset At)
{
    internal BlobId Blob { get; init; }

    internal TenantId Tenant { get; init; }
}

/// <summary>What a folder holds.</summary>
/// <param name="RootUri">Where the owner's artifacts begin.</param>
public sealed record ArtifactFolder(ArtifactAddress Address, string RootUri, ImmutableArray<ArtifactEntry> Entries);

/// <param name="Name">The last name of its path.</param>
/// <param name="Length">Bytes; null for a folder.</param>
public sealed record ArtifactEntry(string Name, bool IsFolder, long? Length);

/// <summary>How much was deleted, or brought back.</summary>
public sealed record ArtifactCount(int Files, long Bytes);

/// <summary>Files of runs and logged models: a path is a key that leads to a blob, never a file path. A file is there as a whole or not at all; a newer one takes its place in
/// one transaction.</summary>
public sealed class ArtifactDesk
{
    internal const string Purpose = "artifact";

    private readonly ITenantDb<TrackingDbContext> databases;
    private readonly ArtifactOwners owners;
    private readonly BlobStore blobs;
    private readonly StorageRoom room;
    private readonly UploadGate gate;
    private readonly TimeProvider time;

    internal ArtifactDesk(ITenantDb<TrackingDbContext> databases, ArtifactOwners owners, BlobStore blobs, StorageRoom room, UploadGate gate, TimeProvider time) =>
        (this.databases, this.owners, this.blobs, this.room, this.gate, this.time) = (databases, owners, blobs, room, gate, time);

    /// <summary>Writes a file of any size as it comes.</summary>
    /// <param name="length">Bytes, if they are known.</param>
    public async Task<Result<Artifact>> WriteAsync(Caller caller, ArtifactAddress address, Stream content, long? length, CancellationToken cancellationToken)
    {
        if (address.Path.IsRoot)
            return ArtifactErrors.NoName();
        long? left;
        await using (var db = databases.Open(caller.Tenant))
        {
            var owner = await owners.DemandAsync(db, caller, address, TrackingPermissions.Log, toWrite: true, cancellationToken);
            if (!owner.IsOk)
                return owner.Refusal;
            if (await ArtifactStatements.PinnedAsync(db, address, cancellationToken))
                return ArtifactErrors.Pinned(address);
            left = await room.LeftAsync(db, 0, cancellationToken);
            if (left < (length ?? 1))
                return await room.FullAsync(db, cancellationToken);
        }

        using var place = gate.Enter(caller.Tenant);
        if (place is null)
            return UploadGate.Full();
        try
        {
            var limited = left is { } most ? new LimitedStream(content, most) : content;
            var blob = await blobs.WriteAsync(caller.Tenant, limited, Purpose, cancellationToken, length);
            return await KeepAsync(caller, address, blob, cancellationToken);
        }
        catch (NoRoomException)
        {
            await using var db = databases.Open(caller.Tenant);
            return await room.FullAsync(db, cancellationToken);
        }
    }

    /// <summary>Makes a blob that has been written the content of a file.</summary>
    internal async Task<Result<Artifact>> KeepAsync(Caller caller, ArtifactAddress address, BlobRow blob, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var now = time.GetMicrosecondNow();
        var kept = await ArtifactStatements.PutAsync(db, caller, address, blob, now, cancellationToken);
        if (kept != PutOutcome.Kept)
            await blobs.DeleteAsync(caller.Tenant, blob.Id, cancellationToken);
        return kept switch
        {
            PutOutcome.Kept => new Artifact(address.Path, blob.Length, blob.Sha256, now) { Blob = blob.Id, Tenant = caller.Tenant },
            PutOutcome.Pinned => ArtifactErrors.Pinned(address),
            PutOutcome.Clash => ArtifactErrors.FileAndFolder(address),
            _ => throw new ArgumentOutOfRangeException(nameof(address), kept, "An outcome without an answer."),
        };
    }

    public async Task<Result<Artifact>> FindAsync(Caller caller, ArtifactAddress address, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var owner = await owners.DemandAsync(db, caller, address, TrackingPermissions.View, toWrite: false, cancellationToken);
        if (!owner.IsOk)
            return owner.Refusal;
        var (id, path) = (address.Owner.Id, address.Path.Text);
        var row = await db.Artifacts.AsNoTracking().SingleOrDefaultAsync(artifact => artifact.OwnerId == id && artifact.Path == path, cancellationToken);
        if (row is not null)
            return new Artifact(address.Path, row.Length, row.Sha256, row.At) { Blob = row.BlobId, Tenant = caller.Tenant };
        return await ArtifactStatements.IsFolderAsync(db, address, cancellationToken) ? ArtifactErrors.IsFolder(owner.Value.Key(address)) : ArtifactErrors.NotThere(owner.Value.Key(address));
    }

    /// <summary>The content of a file that was found, from a byte on.</summary>
    /// <param name="count">Bytes; null for all that follow.</param>
    public Task<Stream> OpenAsync(Artifact artifact, long offset, long? count, CancellationToken cancellationToken) =>
        blobs.StreamAsync(artifact.Tenant, artifact.Blob, offset, count, cancellationToken);

    /// <summary>What lies in a folder. A folder that is not there, and a file, hold nothing.</summary>
    public async Task<Result<ArtifactFolder>> ListAsync(Caller caller, ArtifactAddress address, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var owner = await owners.DemandAsync(db, caller, address, TrackingPermissions.View, toWrite: false, cancellationToken);
        if (!owner.IsOk)
            return owner.Refusal;
        return new ArtifactFolder(address, owner.Value.RootUri, await ArtifactStatements.ListAsync(db, address, cancellationToken));
    }

    /// <summary>Every file below a folder, in order of their paths.</summary>
    public async Task<Result<ImmutableArray<Artifact>>> ListAllAsync(Caller caller, ArtifactAddress address, int most, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var owner = await owners.DemandAsync(db, caller, address, TrackingPermissions.View, toWrite: false, cancellationToken);
        if (!owner.IsOk)
            return owner.Refusal;
        return await ArtifactStatements.ListAllAsync(db, address, most, cancellationToken);
    }

    /// <summary>Deletes a file or a folder; for <see cref="TrackingOptions.RestoreDays"/> it can be brought back.</summary>
    public async Task<Result<ArtifactCount>> DeleteAsync(Caller caller, ArtifactAddress address, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var owner = await owners.DemandAsync(db, caller, address, TrackingPermissions.Delete, toWrite: true, cancellationToken);
        if (!owner.IsOk)
            return owner.Refusal;
        if (await ArtifactStatements.PinnedAsync(db, address, cancellationToken, orWithin: true))
            return ArtifactErrors.Pinned(address);
        var now = time.GetMicrosecondNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var gone = await ArtifactStatements.DeleteAsync(db, caller, address, now, cancellationToken);
        if (gone.Files > 0)
        {
            db.Record(caller, ArtifactOwners.Subject(address, owner.Value), new ArtifactsDeleted(address.Path.Text, gone.Files, gone.Bytes), now);
            await db.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return gone;
    }

    /// <summary>Brings back what was deleted of a file or folder, the latest of each path, where no newer file has taken the place.</summary>
    public async Task<Result<ArtifactCount>> RestoreAsync(Caller caller, ArtifactAddress address, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var owner = await owners.DemandAsync(db, caller, address, TrackingPermissions.Delete, toWrite: true, cancellationToken);
        if (!owner.IsOk)
            return owner.Refusal;
        var now = time.GetMicrosecondNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var back = await ArtifactStatements.RestoreAsync(db, caller, address, cancellationToken);
        if (back.Files > 0)
        {
            db.Record(caller, ArtifactOwners.Subject(address, owner.Value), new ArtifactsRestored(address.Path.Text, back.Files, back.Bytes), now);
            await db.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return back;
    }

    /// <summary>What was deleted and can still be brought back, the latest first.</summary>
    public async Task<Result<ImmutableArray<DeletedArtifact>>> ListDeletedAsync(Caller caller, ArtifactOwner owner, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var address = new ArtifactAddress(owner, ArtifactPath.Root);
        var found = await owners.DemandAsync(db, caller, address, TrackingPermissions.View, toWrite: false, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var rows = await db.DeletedArtifacts.AsNoTracking().Where(row => row.OwnerId == owner.Id).OrderByDescending(row => row.DeletedAt).ThenBy(row => row.Path).Take(200).ToListAsync(cancellationToken);
        return ImmutableArray.CreateRange(rows.Select(row => new DeletedArtifact(ArtifactPath.Parse(row.Path) ?? ArtifactPath.Root, row.Length, row.DeletedAt, row.DeletedBy)));
    }
}

/// <param name="DeletedBy">The person's name.</param>
public sealed record DeletedArtifact(ArtifactPath Path, long Length, DateTimeOffset DeletedAt, string DeletedBy);

internal enum PutOutcome
{
    Kept,

    /// <summary>A registered version stands on it.</summary>
    Pinned,

    /// <summary>A file and a folder of one name cannot both be downloaded.</summary>
    Clash,
}
