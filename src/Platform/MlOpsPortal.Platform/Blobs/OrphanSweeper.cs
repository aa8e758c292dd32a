using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MlOpsPortal.Platform.Blobs;

/// <summary>Removes blobs that no row speaks of: uploads that were given up and files whose transaction never came.</summary>
public sealed class OrphanSweeper(BlobStore blobs, PortalDatabase database, IOptions<BlobOptions> options, TimeProvider time, ILogger<OrphanSweeper> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var swept = await SweepAsync(stoppingToken);
                log.LogInformation("Swept {Count} blobs without a row", swept);
            }
            catch (Exception exception) when (exception is NpgsqlException or Azure.RequestFailedException || DatabaseAway.Is(exception) || BlobsAway.Is(exception))
            {
                log.LogWarning(exception, "The sweep of orphaned blobs stopped early; the next one goes on");
            }
        }
    }

    /// <returns>How many blobs were removed.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await ForgetExpiredUploadsAsync(now, cancellationToken);
        var swept = 0;
        await foreach (var (tenant, id) in blobs.ListOlderThanAsync(now - options.Value.OrphanAge, cancellationToken))
        {
            if (await IsKnownAsync(tenant, id, cancellationToken))
                continue;
            await blobs.DeleteAsync(tenant, id, cancellationToken);
            swept++;
        }

        return swept;
    }

    private async Task ForgetExpiredUploadsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.System.CreateCommand(
            """
            WITH gone AS (DELETE FROM platform.uploads WHERE expires_at < $1 RETURNING tenant_id, id)
            DELETE FROM platform.upload_blocks block USING gone WHERE block.tenant_id = gone.tenant_id AND block.upload_id = gone.id
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = now.UtcDateTime });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<bool> IsKnownAsync(TenantId tenant, BlobId id, CancellationToken cancellationToken)
    {
        await using var command = database.System.CreateCommand(
            """
            SELECT EXISTS (SELECT 1 FROM platform.blobs WHERE tenant_id = $1 AND id = $2)
                OR EXISTS (SELECT 1 FROM platform.uploads WHERE tenant_id = $1 AND blob_id = $2)
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = tenant.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = id.Value });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!; // EXISTS is never null
    }
}
