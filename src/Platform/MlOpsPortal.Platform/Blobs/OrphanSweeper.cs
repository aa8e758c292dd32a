using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Sweeping;
using Npgsql;

namespace MlOpsPortal.Platform.Blobs;

/// <summary>Removes blobs that no row speaks of: uploads that were given up and files whose transaction never came.</summary>
public sealed class OrphanSweeper(BlobStore blobs, PortalDatabase database, IOptions<BlobOptions> options, TimeProvider time, ILogger<OrphanSweeper> log) : HourlySweep(time, log)
{
    protected override string What => "blobs without a row";

    /// <returns>How many blobs were removed.</returns>
    public override async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
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
