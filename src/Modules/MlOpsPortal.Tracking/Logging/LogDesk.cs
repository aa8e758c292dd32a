using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Tracking.Data;
using Npgsql;

namespace MlOpsPortal.Tracking.Logging;

/// <summary>Takes what runs log. All of a batch is kept or nothing; the same again changes nothing and is no error.</summary>
public sealed class LogDesk
{
    private readonly ITenantDb<TrackingDbContext> databases;
    private readonly Places places;
    private readonly KeyBook keys;
    private readonly Pulse pulse;

    internal LogDesk(ITenantDb<TrackingDbContext> databases, Places places, KeyBook keys, Pulse pulse) => (this.databases, this.places, this.keys, this.pulse) = (databases, places, keys, pulse);

    /// <param name="id">The run, as the caller wrote it.</param>
    public async Task<Result<Done>> LogAsync(Caller caller, string id, LogBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Check() is { } wrong)
            return wrong;
        await using var db = databases.Open(caller.Tenant);
        var connection = await db.ConnectAsync(cancellationToken);
        var place = await places.ActiveRunAsync(connection, caller, id, cancellationToken);
        if (!place.IsOk)
            return place.Refusal;
        if (batch.IsEmpty)
            return Done.Instance;
        var rows = await BatchRows.OfAsync(batch, keys, connection, caller.Tenant, cancellationToken);
        var written = await WriteAsync(connection, caller.Tenant, place.Value, rows, id, cancellationToken);
        if (written.IsOk)
            pulse.Beat(caller.Tenant, place.Value.Experiment.Id, place.Value.Experiment.Project.Scope);
        return written;
    }

    private static async Task<Result<Done>> WriteAsync(NpgsqlConnection connection, TenantId tenant, RunPlace run, BatchRows rows, string id, CancellationToken cancellationToken)
    {
        if (rows.ParamKeys.Length == 0)
        {
            await using var alone = new NpgsqlBatch(connection);
            rows.Add(alone, tenant, run);
            await alone.PrepareAsync(cancellationToken); // planned once per connection
            await alone.ExecuteNonQueryAsync(cancellationToken);
            return Done.Instance;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await WriteParamsAsync(connection, transaction, tenant, run, rows, cancellationToken) is { } changed)
            return TrackingErrors.ParamChanged(changed.Key, changed.Old, changed.New, id);
        if (rows.HasMore)
        {
            await using var more = new NpgsqlBatch(connection, transaction);
            rows.Add(more, tenant, run);
            await more.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return Done.Instance;
    }

    /// <returns>The first parameter that has another value already; null when none has.</returns>
    private static async Task<(string Key, string Old, string New)?> WriteParamsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TenantId tenant, RunPlace run, BatchRows rows, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Sql(
            """
            INSERT INTO tracking.params (tenant_id, run_no, experiment_no, start_time, key_id, value)
            SELECT $1, $2, $3, $4, key_id, value FROM unnest($5::int[], $6::text[]) AS param(key_id, value)
            ON CONFLICT DO NOTHING
            """, tenant.Value, run.No, run.Experiment.No, run.StartTime, rows.ParamKeys, rows.ParamValues);
        batch.Sql(
            """
            SELECT k.name, there.value, param.value FROM unnest($2::int[], $3::text[]) AS param(key_id, value)
            JOIN tracking.params there ON there.run_no = $1 AND there.key_id = param.key_id AND there.value <> param.value
            JOIN tracking.keys k ON k.id = param.key_id
            ORDER BY k.name LIMIT 1
            """, run.No, rows.ParamKeys, rows.ParamValues);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetString(0), reader.GetString(1), reader.GetString(2)) : null;
    }
}
