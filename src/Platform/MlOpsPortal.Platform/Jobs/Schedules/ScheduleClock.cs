using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;
using Npgsql;

namespace MlOpsPortal.Platform.Jobs.Schedules;

/// <summary>Begins the jobs of schedules that are due. Every portal process looks; a due row is claimed by SKIP LOCKED, and its job is written in the same
/// transaction that moves it on, so that each time comes once, whoever dies. Time is the database's: a process whose clock is wrong or goes back changes nothing.
/// What was missed while nobody ran is made up for once, not once per missed time.</summary>
public sealed class ScheduleClock(PortalDatabase database, IOptions<ScheduleOptions> options, TimeProvider time, ILogger<ScheduleClock> log) : BackgroundService
{
    private const int Batch = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await TickAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException || DatabaseAway.Is(exception))
            {
                log.LogWarning(exception, "Schedules could not be read; trying again");
            }
        }
    }

    /// <returns>How many jobs were begun.</returns>
    public async Task<int> TickAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.System.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var due = await ClaimAsync(connection, transaction, cancellationToken);
        foreach (var (tenant, id, busy) in due)
            await MoveAsync(connection, transaction, tenant, id, busy ? null : Guid.CreateVersion7(time.GetUtcNow()), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return due.Count(schedule => !schedule.Busy);
    }

    private static async Task<List<(Guid Tenant, Guid Id, bool Busy)>> ClaimAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var claim = new NpgsqlCommand(
            """
            SELECT tenant_id, id, EXISTS (
                SELECT FROM platform.jobs job WHERE job.tenant_id = schedule.tenant_id AND job.id = schedule.last_job AND job.state IN ('Queued', 'Running'))
            FROM platform.schedules schedule WHERE next_at <= now() ORDER BY next_at LIMIT $1 FOR UPDATE OF schedule SKIP LOCKED
            """, connection, transaction);
        claim.Parameters.Add(new NpgsqlParameter { Value = Batch });
        var due = new List<(Guid, Guid, bool)>();
        await using var reader = await claim.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            due.Add((reader.GetGuid(0), reader.GetGuid(1), reader.GetBoolean(2)));
        return due;
    }

    /// <param name="job">Null when the last one is still under way: this time is left out.</param>
    private static async Task MoveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid tenant, Guid id, Guid? job, CancellationToken cancellationToken)
    {
        await using var move = new NpgsqlCommand(
            """
            WITH moved AS (
                UPDATE platform.schedules
                SET next_at = first_at + make_interval(secs => (extract(epoch FROM every) * (floor(extract(epoch FROM now() - first_at) / extract(epoch FROM every)) + 1))::float8),
                    last_at = now(), last_job = coalesce($3, last_job)
                WHERE tenant_id = $1 AND id = $2
                RETURNING *)
            INSERT INTO platform.jobs (tenant_id, id, kind, scope, subject_kind, subject_id, title, state, spec, progress, created_by, created_by_name, attempts, cancel_requested, created_at, available_at)
            SELECT tenant_id, $3, kind, scope, subject_kind, subject_id, title, 'Queued', spec, 0, $4, $5, 0, false, now(), now() FROM moved WHERE $3 IS NOT NULL
            """, connection, transaction);
        move.Parameters.Add(new NpgsqlParameter { Value = tenant });
        move.Parameters.Add(new NpgsqlParameter { Value = id });
        move.Parameters.Add(new NpgsqlParameter { Value = (object?)job ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        var portal = Caller.Portal(new TenantId(tenant));
        move.Parameters.Add(new NpgsqlParameter { Value = portal.User.Value });
        move.Parameters.Add(new NpgsqlParameter { Value = portal.Name });
        await move.ExecuteNonQueryAsync(cancellationToken);
    }
}
