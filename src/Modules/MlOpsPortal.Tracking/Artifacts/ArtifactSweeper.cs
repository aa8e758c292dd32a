using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Sweeping;
using MlOpsPortal.Tracking.Data;
using Npgsql;

namespace MlOpsPortal.Tracking.Artifacts;

/// <summary>Removes deleted files and logged models once their window has passed, and uploads in parts that were given up: their rows, and what leads to their blobs (the blobs go
/// with the sweep of orphans). A model on which a registered version stands is kept.</summary>
public sealed class ArtifactSweeper : HourlySweep
{
    private readonly PortalDatabase database;
    private readonly ITenantDb<TrackingDbContext> databases;
    private readonly TrackingOptions options;

    internal ArtifactSweeper(PortalDatabase database, ITenantDb<TrackingDbContext> databases, IOptions<TrackingOptions> options, TimeProvider time, ILogger<ArtifactSweeper> log)
        : base(time, log) => (this.database, this.databases, this.options) = (database, databases, options.Value);

    protected override string What => "deleted files and models";

    /// <returns>How many files were removed, those of models included.</returns>
    public override async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        var before = now - TimeSpan.FromDays(options.RestoreDays);
        var swept = 0;
        foreach (var tenant in await TenantsAsync(before, now, cancellationToken))
        {
            await using var db = databases.Open(tenant);
            var connection = await db.ConnectAsync(cancellationToken);
            swept += await CountAsync(connection, Models, before, cancellationToken) + await CountAsync(connection, Files, before, cancellationToken);
            await CountAsync(connection, Uploads, now, cancellationToken);
        }

        return swept;
    }

    private const string Files =
        """
        WITH gone AS (DELETE FROM tracking.deleted_artifacts WHERE deleted_at < $1 RETURNING tenant_id, blob_id),
        blobs AS (DELETE FROM platform.blobs b USING gone WHERE b.tenant_id = gone.tenant_id AND b.id = gone.blob_id)
        SELECT count(*) FROM gone
        """;

    /// <summary>Staged blocks that nobody commits are dropped by the store itself.</summary>
    private const string Uploads =
        """
        WITH gone AS (DELETE FROM tracking.artifact_uploads WHERE expires_at < $1 RETURNING tenant_id, id),
        parts AS (DELETE FROM tracking.artifact_parts p USING gone WHERE p.tenant_id = gone.tenant_id AND p.upload_id = gone.id)
        SELECT count(*) FROM gone
        """;

    /// <summary>One statement is one transaction: a model goes with everything or stays.</summary>
    private const string Models =
        """
        WITH gone AS MATERIALIZED (
            SELECT m.tenant_id, m.id FROM tracking.logged_models m
            WHERE m.deleted_at < $1 AND NOT EXISTS (SELECT 1 FROM tracking.artifact_pins p WHERE p.tenant_id = m.tenant_id AND p.owner_id = m.id)
            FOR UPDATE OF m SKIP LOCKED),
        files AS (DELETE FROM tracking.artifacts a USING gone WHERE a.tenant_id = gone.tenant_id AND a.owner_id = gone.id RETURNING a.tenant_id, a.blob_id),
        blobs AS (DELETE FROM platform.blobs b USING files WHERE b.tenant_id = files.tenant_id AND b.id = files.blob_id),
        params AS (DELETE FROM tracking.logged_model_params x USING gone WHERE x.tenant_id = gone.tenant_id AND x.model_id = gone.id),
        tags AS (DELETE FROM tracking.logged_model_tags x USING gone WHERE x.tenant_id = gone.tenant_id AND x.model_id = gone.id),
        metrics AS (DELETE FROM tracking.logged_model_metrics x USING gone WHERE x.tenant_id = gone.tenant_id AND x.model_id = gone.id),
        models AS (DELETE FROM tracking.logged_models x USING gone WHERE x.tenant_id = gone.tenant_id AND x.id = gone.id)
        SELECT count(*) FROM files
        """;

    private static async Task<int> CountAsync(NpgsqlConnection connection, string sql, DateTimeOffset moment, CancellationToken cancellationToken)
    {
        await using var sweep = connection.Sql(sql, moment.UtcDateTime);
        return (int)(long)(await sweep.ExecuteScalarAsync(cancellationToken))!; // a count is never null
    }

    private async Task<List<TenantId>> TenantsAsync(DateTimeOffset before, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var find = database.System.CreateCommand(
            """
            SELECT tenant_id FROM tracking.deleted_artifacts WHERE deleted_at < $1
            UNION SELECT tenant_id FROM tracking.logged_models WHERE deleted_at < $1
            UNION SELECT tenant_id FROM tracking.artifact_uploads WHERE expires_at < $2
            """);
        find.Parameters.Add(new NpgsqlParameter { Value = before.UtcDateTime });
        find.Parameters.Add(new NpgsqlParameter { Value = now.UtcDateTime });
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var tenants = new List<TenantId>();
        while (await reader.ReadAsync(cancellationToken))
            tenants.Add(new(reader.GetGuid(0)));
        return tenants;
    }
}
