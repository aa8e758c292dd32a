using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MlOpsPortal.Audit.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using Npgsql;

namespace MlOpsPortal.Audit.Seals;

/// <summary>Seals what was written to the trails of all tenants. Entries are written unchained, in the transactions of their changes, so that no two changes wait for each other;
/// a chain's order is the order of sealing. Of two portals that seal one tenant at once, the key of the seals lets one through.</summary>
internal sealed class TrailSealer(PortalDatabase database, ITenantDb<AuditDbContext> databases, TimeProvider time, ILogger<TrailSealer> log) : BackgroundService
{
    private const int Batch = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <summary>Looks at what is fresh, and at everything once an hour: an entry whose transaction, or whose clock, was late is sealed late and never left out.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var everything = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var now = time.GetUtcNow();
                var all = now - everything >= Fresh;
                await SealAsync(all ? Guid.Empty : Id.Ordered(now - Fresh - Fresh, 0), stoppingToken);
                if (all)
                    everything = now;
            }
            catch (Exception exception) when (exception is NpgsqlException || DatabaseAway.Is(exception))
            {
                log.LogWarning(exception, "The trail could not be sealed now; trying again");
            }
        }
    }

    /// <summary>Seals every entry that is not, of every tenant.</summary>
    /// <param name="after">Only those with a later id.</param>
    internal async Task SealAsync(Guid after, CancellationToken cancellationToken)
    {
        foreach (var tenant in await OpenTenantsAsync(after, cancellationToken))
            while (await SealSomeAsync(tenant, after, cancellationToken))
                log.LogDebug("More of a tenant's trail may wait for its seals");
    }

    /// <summary>Goes from tenant to tenant along the trail's key, so that the length of the trail does not matter.</summary>
    private async Task<List<TenantId>> OpenTenantsAsync(Guid after, CancellationToken cancellationToken)
    {
        await using var command = database.System.CreateCommand(
            """
            WITH RECURSIVE tenants AS (
                (SELECT tenant_id FROM platform.audit ORDER BY tenant_id LIMIT 1)
                UNION ALL
                SELECT (SELECT next.tenant_id FROM platform.audit next WHERE next.tenant_id > tenants.tenant_id ORDER BY next.tenant_id LIMIT 1) FROM tenants WHERE tenants.tenant_id IS NOT NULL)
            SELECT tenant_id FROM tenants WHERE tenant_id IS NOT NULL AND EXISTS (
                SELECT FROM platform.audit entry WHERE entry.tenant_id = tenants.tenant_id AND entry.id > $1
                    AND NOT EXISTS (SELECT FROM audit.seals seal WHERE seal.tenant_id = entry.tenant_id AND seal.entry_id = entry.id))
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = after });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tenants = new List<TenantId>();
        while (await reader.ReadAsync(cancellationToken))
            tenants.Add(new TenantId(reader.GetGuid(0)));
        return tenants;
    }

    /// <returns>Whether there may be more.</returns>
    private async Task<bool> SealSomeAsync(TenantId tenant, Guid after, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(tenant);
        var chain = Chain.From(await db.Seals.AsNoTracking().OrderByDescending(seal => seal.Sequence).FirstOrDefaultAsync(cancellationToken));
        var entries = await db.Audit.AsNoTracking().Where(entry => entry.Id > after && !db.Seals.Any(seal => seal.EntryId == entry.Id))
            .OrderBy(entry => entry.Id).Take(Batch).ToListAsync(cancellationToken);
        var now = time.GetUtcNow();
        return await InsertAsync(tenant, entries.ConvertAll(entry => chain.Seal(entry, now)), now, cancellationToken) && entries.Count == Batch;
    }

    /// <returns>False when another process sealed this tenant's entries meanwhile.</returns>
    private async Task<bool> InsertAsync(TenantId tenant, List<SealRow> seals, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.System.CreateCommand(
            "INSERT INTO audit.seals (tenant_id, sequence, entry_id, hash, sealed_at) SELECT $1, sequence, entry_id, hash, $5 FROM unnest($2, $3, $4) AS made (sequence, entry_id, hash)");
        command.Parameters.Add(new NpgsqlParameter { Value = tenant.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = seals.ConvertAll(seal => seal.Sequence).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = seals.ConvertAll(seal => seal.EntryId).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = seals.ConvertAll(seal => seal.Hash).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = now });
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
    }
}
