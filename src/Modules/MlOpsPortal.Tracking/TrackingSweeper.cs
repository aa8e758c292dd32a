using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Sweeping;
using MlOpsPortal.Tracking.Data;
using Npgsql;

namespace MlOpsPortal.Tracking;

/// <summary>Removes deleted experiments and runs once their window has passed: their rows, and what leads to their artifacts (the blobs go with the sweep of orphans).
/// A run on whose files a registered version stands is kept, and its experiment with it.</summary>
public sealed class TrackingSweeper : HourlySweep
{
    private const int Chunk = 500;
    private readonly PortalDatabase database;
    private readonly ITenantDb<TrackingDbContext> databases;
    private readonly TrackingOptions options;

    internal TrackingSweeper(PortalDatabase database, ITenantDb<TrackingDbContext> databases, IOptions<TrackingOptions> options, TimeProvider time, ILogger<TrackingSweeper> log)
        : base(time, log) => (this.database, this.databases, this.options) = (database, databases, options.Value);

    protected override string What => "deleted runs";

    /// <returns>How many runs were removed.</returns>
    public override async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var before = Time.GetUtcNow() - options.RestoreWindow;
        var swept = 0;
        foreach (var tenant in await TenantsAsync(before, cancellationToken))
        {
            await using var db = databases.Open(tenant);
            var connection = await db.ConnectAsync(cancellationToken);
            int count;
            do
                swept += count = await SweepRunsAsync(connection, before, cancellationToken);
            while (count == Chunk);
            await SweepExperimentsAsync(connection, before, cancellationToken);
        }

        return swept;
    }

    private async Task<List<TenantId>> TenantsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var find = database.System.CreateCommand("SELECT tenant_id FROM tracking.experiments WHERE deleted_at < $1 UNION SELECT tenant_id FROM tracking.runs WHERE deleted_at < $1");
        find.Parameters.Add(new NpgsqlParameter { Value = before.UtcDateTime });
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var tenants = new List<TenantId>();
        while (await reader.ReadAsync(cancellationToken))
            tenants.Add(new(reader.GetGuid(0)));
        return tenants;
    }

    /// <summary>One statement is one transaction: a run goes with everything or stays.</summary>
    private static async Task<int> SweepRunsAsync(NpgsqlConnection connection, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var sweep = connection.Sql(
            $"""
            WITH gone AS MATERIALIZED (
                SELECT r.no, r.id, r.tenant_id FROM tracking.runs r JOIN tracking.experiments e ON e.no = r.experiment_no
                WHERE (r.deleted_at < $1 OR e.deleted_at < $1) AND NOT EXISTS (SELECT 1 FROM tracking.artifact_pins p WHERE p.tenant_id = r.tenant_id AND p.owner_id = r.id)
                LIMIT {Chunk} FOR UPDATE OF r SKIP LOCKED),
            metrics AS (DELETE FROM tracking.metrics WHERE run_no IN (SELECT no FROM gone)),
            latest AS (DELETE FROM tracking.latest_metrics WHERE run_no IN (SELECT no FROM gone)),
            params AS (DELETE FROM tracking.params WHERE run_no IN (SELECT no FROM gone)),
            tags AS (DELETE FROM tracking.tags WHERE run_no IN (SELECT no FROM gone)),
            inputs AS (DELETE FROM tracking.dataset_inputs WHERE run_no IN (SELECT no FROM gone)),
            models AS (DELETE FROM tracking.run_models WHERE run_no IN (SELECT no FROM gone)),
            files AS (DELETE FROM tracking.artifacts a USING gone WHERE a.tenant_id = gone.tenant_id AND a.owner_id = gone.id RETURNING a.tenant_id, a.blob_id),
            blobs AS (DELETE FROM platform.blobs b USING files WHERE b.tenant_id = files.tenant_id AND b.id = files.blob_id),
            runs AS (DELETE FROM tracking.runs WHERE no IN (SELECT no FROM gone))
            SELECT count(*) FROM gone
            """, before);
        return (int)(long)(await sweep.ExecuteScalarAsync(cancellationToken))!; // a count is never null
    }

    /// <summary>The experiments that are empty now; logged models in the others are marked, and go in their own sweep.</summary>
    private static async Task SweepExperimentsAsync(NpgsqlConnection connection, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Sql(
            """
            UPDATE tracking.logged_models m SET deleted_at = e.deleted_at FROM tracking.experiments e
            WHERE e.deleted_at < $1 AND m.tenant_id = e.tenant_id AND m.experiment_id = e.id AND m.deleted_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM tracking.artifact_pins p WHERE p.tenant_id = m.tenant_id AND p.owner_id = m.id)
            """, before);
        batch.Sql(
            """
            WITH gone AS (
                DELETE FROM tracking.experiments e WHERE e.deleted_at < $1 AND NOT EXISTS (SELECT 1 FROM tracking.runs r WHERE r.experiment_no = e.no)
                    AND NOT EXISTS (SELECT 1 FROM tracking.logged_models m WHERE m.tenant_id = e.tenant_id AND m.experiment_id = e.id)
                RETURNING e.tenant_id, e.id, e.no),
            datasets AS (DELETE FROM tracking.run_datasets d USING gone WHERE d.tenant_id = gone.tenant_id AND d.experiment_no = gone.no)
            DELETE FROM tracking.experiment_tags t USING gone WHERE t.tenant_id = gone.tenant_id AND t.experiment_id = gone.id
            """, before);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
