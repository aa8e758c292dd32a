using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Tracking.Data;

namespace MlOpsPortal.Tracking.Artifacts;

/// <summary>What a registered version stands on, as it was when it was pinned.</summary>
/// <param name="Sha256">Over all files, in order of their paths: <c>path NUL sha256 LF</c> each. Lower-case hex.</param>
/// <param name="Experiment">Where it lies; its project decides who may see it.</param>
public sealed record PinnedArtifacts(ArtifactAddress Address, string RootUri, ExperimentId Experiment, string Sha256, int Files, long Bytes);

/// <summary>Makes artifacts immutable for a registered version: from then on nothing at or below the address is written or deleted by anybody, and their content is known by one
/// hash. Pin first, register then: a pin too many protects what nobody needs, one too few would let a version change after its approval.</summary>
public sealed class ArtifactPins
{
    private const int MostFiles = 100_000;
    private readonly ITenantDb<TrackingDbContext> databases;
    private readonly ArtifactOwners owners;
    private readonly TimeProvider time;

    internal ArtifactPins(ITenantDb<TrackingDbContext> databases, ArtifactOwners owners, TimeProvider time) => (this.databases, this.owners, this.time) = (databases, owners, time);

    /// <returns>NotFound for a run or model that is not there or that the caller may not see. Nothing at the address is no fault: clients register before they upload;
    /// such an address is not pinned.</returns>
    public async Task<Result<PinnedArtifacts>> PinAsync(Caller caller, ArtifactAddress address, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var owner = await owners.DemandAsync(db, caller, address, TrackingPermissions.View, toWrite: false, cancellationToken);
        if (!owner.IsOk)
            return owner.Refusal;
        var before = await ReadAsync(db, address, cancellationToken);
        if (before.IsEmpty)
            return Of(address, owner.Value, before);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO tracking.artifact_pins (tenant_id, owner_id, path, sha256, at)
            VALUES ({db.Tenant.Value}, {address.Owner.Id}, {address.Path.Text}, {Hash(before)}, {time.GetMicrosecondNow().UtcDateTime})
            ON CONFLICT (tenant_id, owner_id, path) DO NOTHING
            """,
            cancellationToken);
        var after = await ReadAsync(db, address, cancellationToken); // what was written between looking and pinning
        if (Hash(after) != Hash(before))
            await db.ArtifactPins.Where(pin => pin.OwnerId == address.Owner.Id && pin.Path == address.Path.Text).ExecuteUpdateAsync(pin => pin.SetProperty(row => row.Sha256, Hash(after)), cancellationToken);
        return Of(address, owner.Value, after);
    }

    /// <summary>When the last version that stood on it is gone.</summary>
    public async Task UnpinAsync(Caller caller, ArtifactAddress address, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        await db.ArtifactPins.Where(pin => pin.OwnerId == address.Owner.Id && pin.Path == address.Path.Text).ExecuteDeleteAsync(cancellationToken);
    }

    private static PinnedArtifacts Of(ArtifactAddress address, ArtifactOwnerFacts owner, ImmutableArray<Artifact> files) =>
        new(address, owner.RootUri, owner.Experiment, Hash(files), files.Length, files.Sum(file => file.Length));

    private static Task<ImmutableArray<Artifact>> ReadAsync(TrackingDbContext db, ArtifactAddress address, CancellationToken cancellationToken) =>
        ArtifactStatements.ListAllAsync(db, address, MostFiles, cancellationToken);

    private static string Hash(ImmutableArray<Artifact> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.Path.Text}\0{file.Sha256}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
