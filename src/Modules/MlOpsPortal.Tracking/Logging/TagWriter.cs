using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Tracking.Data;
using Npgsql;

namespace MlOpsPortal.Tracking.Logging;

/// <summary>Tags of one run: the last value counts.</summary>
internal static class TagWriter
{
    /// <summary>$1 tenant, $2 run, $3 experiment, $4 start, $5 keys, $6 values. Keys ascend, or two batches would wait for one another.</summary>
    public const string Upsert =
        """
        INSERT INTO tracking.tags (tenant_id, run_no, experiment_no, start_time, key_id, value)
        SELECT $1, $2, $3, $4, key_id, value FROM unnest($5::int[], $6::text[]) AS tag(key_id, value)
        ON CONFLICT (run_no, key_id) DO UPDATE SET value = excluded.value WHERE tags.value <> excluded.value
        """;

    public static async Task SetAsync(NpgsqlConnection connection, TenantId tenant, RunPlace run, int key, string value, CancellationToken cancellationToken)
    {
        await using var set = connection.Sql(Upsert, tenant.Value, run.No, run.Experiment.No, run.StartTime, new[] { key }, new[] { value });
        await set.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <returns>False when there was none.</returns>
    public static async Task<bool> DeleteAsync(NpgsqlConnection connection, long run, int key, CancellationToken cancellationToken)
    {
        await using var delete = connection.Sql("DELETE FROM tracking.tags WHERE run_no = $1 AND key_id = $2", run, key);
        return await delete.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <returns>Null when there is none. Nobody changes it until the transaction ends.</returns>
    public static async Task<string?> LockAsync(NpgsqlConnection connection, long run, int key, CancellationToken cancellationToken)
    {
        await using var find = connection.Sql("SELECT value FROM tracking.tags WHERE run_no = $1 AND key_id = $2 FOR UPDATE", run, key);
        return await find.ExecuteScalarAsync(cancellationToken) as string;
    }
}
