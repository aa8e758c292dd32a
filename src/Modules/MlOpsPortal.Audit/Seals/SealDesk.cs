using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Audit.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Audit.Seals;

/// <summary>How far a tenant's trail is sealed. Whoever notes sequence and hash outside the portal can later tell a chain that was cut or written anew.</summary>
/// <param name="Sequence">Of the last seal, 0 for none.</param>
/// <param name="Hash">Of the last seal, hex.</param>
/// <param name="Waiting">Entries without a seal yet.</param>
public sealed record SealState(long Sequence, string? Hash, DateTimeOffset? SealedAt, long Waiting);

/// <summary>What a look at every seal and every entry found.</summary>
/// <param name="Checked">Seals that hold, up to the first that does not.</param>
/// <param name="Fault">What is wrong where, null for nothing.</param>
public sealed record SealCheck(bool Intact, long Checked, Refusal? Fault, SealState State);

/// <summary>A seal as somebody noted it.</summary>
public sealed record NotedSeal(long Sequence, string Hash);

/// <summary>Tells whether the trail is as it was written.</summary>
public sealed class SealDesk : IDisposable
{
    private readonly ITenantDb<AuditDbContext> databases;
    private readonly IPermissions permissions;
    private readonly SemaphoreSlim places = new(2); // a check reads a whole trail

    internal SealDesk(ITenantDb<AuditDbContext> databases, IPermissions permissions) => (this.databases, this.permissions) = (databases, permissions);

    public async Task<Result<SealState>> StateAsync(Caller caller, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, AuditPermissions.ReadTrail, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        await using var db = databases.Open(caller.Tenant);
        return await StateAsync(db, cancellationToken);
    }

    /// <param name="noted">What the chain must still hold, null for nothing.</param>
    public async Task<Result<SealCheck>> CheckAsync(Caller caller, NotedSeal? noted, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, AuditPermissions.ReadTrail, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        if (noted is { } given && (given.Sequence < 1 || given.Hash.Length != 64 || !given.Hash.All(char.IsAsciiHexDigit)))
            return new Validation("audit.bad_note");
        if (!await places.WaitAsync(TimeSpan.Zero, cancellationToken))
            return new Unavailable("audit.check_busy") { Kind = UnavailableKind.TooMany };
        try
        {
            await using var db = databases.Open(caller.Tenant);
            return await CheckAsync(db, noted, cancellationToken);
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose() => places.Dispose();

    private static async Task<SealCheck> CheckAsync(AuditDbContext db, NotedSeal? noted, CancellationToken cancellationToken)
    {
        var chain = new Chain();
        var links = from seal in db.Seals.AsNoTracking()
                    join entry in db.Audit.AsNoTracking() on seal.EntryId equals entry.Id into entries
                    from entry in entries.DefaultIfEmpty()
                    orderby seal.Sequence
                    select new { Seal = seal, Entry = entry };
        Refusal? fault = null;
        var holding = 0L;
        await foreach (var link in links.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            fault = chain.Follow(link.Seal, link.Entry) ?? Compare(noted, link.Seal);
            if (fault is not null)
                break;
            holding++;
        }

        if (fault is null && noted is not null && noted.Sequence > holding)
            fault = new Conflict("audit.chain_cut", Chain.Text(noted.Sequence), Chain.Text(holding));
        return new SealCheck(fault is null, holding, fault, await StateAsync(db, cancellationToken));
    }

    private static Conflict? Compare(NotedSeal? noted, SealRow seal) =>
        noted is not null && noted.Sequence == seal.Sequence && !string.Equals(noted.Hash, Convert.ToHexStringLower(seal.Hash), StringComparison.OrdinalIgnoreCase)
            ? new Conflict("audit.chain_rewritten", Chain.Text(seal.Sequence))
            : null;

    private static async Task<SealState> StateAsync(AuditDbContext db, CancellationToken cancellationToken)
    {
        var last = await db.Seals.AsNoTracking().OrderByDescending(seal => seal.Sequence).FirstOrDefaultAsync(cancellationToken);
        var waiting = await db.Audit.LongCountAsync(entry => !db.Seals.Any(seal => seal.EntryId == entry.Id), cancellationToken);
        return new SealState(last?.Sequence ?? 0, last is null ? null : Convert.ToHexStringLower(last.Hash), last?.SealedAt, waiting);
    }
}
