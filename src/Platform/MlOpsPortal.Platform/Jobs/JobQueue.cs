using System.Text.Json;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Outbox;
using Npgsql;

namespace MlOpsPortal.Platform.Jobs;

/// <summary>A job that this process holds: only this attempt of this worker may note something on it.</summary>
/// <param name="Age">Since it was first begun.</param>
internal sealed record ClaimedJob(
    TenantId Tenant, JobId Id, string Kind, ScopeId? Scope, string Spec, UserId CreatedBy, string CreatedByName, int Attempt, string Worker, bool CancelRequested, string Steps, TimeSpan Age);

/// <summary>The jobs of all tenants, as workers see them. Uses the database's clock, one for all processes.</summary>
public sealed class JobQueue(PortalDatabase database)
{
    private const string Mine = "tenant_id = $1 AND id = $2 AND worker = $3 AND attempts = $4 AND state = 'Running'";

    /// <summary>Takes the next job: a queued one, or one whose worker's heart has stopped. The tenant with the fewest running jobs comes first,
    /// so that nobody's hundred jobs make everybody wait. Only a job that was begun before waits for a time: a new one's is that of whoever asked for it,
    /// whose clock may be ahead.</summary>
    internal async Task<ClaimedJob?> ClaimAsync(string worker, TimeSpan heartStopped, CancellationToken cancellationToken)
    {
        await using var command = database.System.CreateCommand(
            """
            UPDATE platform.jobs job
            SET state = 'Running', worker = $1, attempts = attempts + 1, heartbeat_at = now(), started_at = coalesce(started_at, greatest(now(), created_at)), step = NULL, progress = 0
            FROM (
                SELECT tenant_id, id FROM platform.jobs waiting
                WHERE (state = 'Queued' AND (started_at IS NULL OR available_at <= now())) OR (state = 'Running' AND heartbeat_at < now() - $2)
                ORDER BY (SELECT count(*) FROM platform.jobs busy WHERE busy.tenant_id = waiting.tenant_id AND busy.state = 'Running'), available_at, id
                LIMIT 1 FOR UPDATE SKIP LOCKED) next
            WHERE job.tenant_id = next.tenant_id AND job.id = next.id
            RETURNING job.tenant_id, job.id, job.kind, job.scope, job.spec, job.created_by, job.created_by_name, job.attempts, job.cancel_requested, job.steps, greatest(now() - job.started_at, interval '0')
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = worker });
        command.Parameters.Add(new NpgsqlParameter { Value = heartStopped });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        return new ClaimedJob(
            new(reader.GetGuid(0)), new(reader.GetGuid(1)), reader.GetString(2), reader.IsDBNull(3) ? null : new ScopeId(reader.GetGuid(3)), reader.GetString(4),
            new(reader.GetGuid(5)), reader.GetString(6), reader.GetInt32(7), worker, reader.GetBoolean(8), reader.GetString(9), reader.GetTimeSpan(10));
    }

    /// <summary>Jobs of workers that are known to be dead need not wait for their hearts to be missed.</summary>
    internal async Task ReleaseAsync(Func<string, bool> isDead, CancellationToken cancellationToken)
    {
        var dead = new List<string>();
        await using (var find = database.System.CreateCommand("SELECT DISTINCT worker FROM platform.jobs WHERE state = 'Running'"))
        await using (var reader = await find.ExecuteReaderAsync(cancellationToken))
            while (await reader.ReadAsync(cancellationToken))
                if (isDead(reader.GetString(0)))
                    dead.Add(reader.GetString(0));
        if (dead.Count == 0)
            return;
        await using var release = database.System.CreateCommand("UPDATE platform.jobs SET heartbeat_at = '-infinity' WHERE state = 'Running' AND worker = ANY($1)");
        release.Parameters.Add(new NpgsqlParameter { Value = dead.ToArray() });
        await release.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A sign of life, with how far the job is.</summary>
    /// <returns>Whether it is still this worker's, and whether somebody wants it stopped.</returns>
    internal async Task<(bool Mine, bool CancelRequested)> BeatAsync(ClaimedJob job, JobProgress progress, string steps, CancellationToken cancellationToken)
    {
        await using var command = database.System.CreateCommand(
            $"UPDATE platform.jobs SET heartbeat_at = now(), step = nullif($5, ''), progress = $6, steps = $7::jsonb WHERE {Mine} RETURNING cancel_requested");
        Identify(command, job);
        command.Parameters.Add(new NpgsqlParameter { Value = progress.Step });
        command.Parameters.Add(new NpgsqlParameter { Value = Math.Clamp(progress.Fraction, 0, 1) });
        command.Parameters.Add(Text(steps));
        var answer = await command.ExecuteScalarAsync(cancellationToken);
        return (answer is not null, answer is true);
    }

    /// <returns>False when the job was no longer this worker's.</returns>
    internal async Task<bool> EndAsync(ClaimedJob job, JobMove move, JsonElement? result, Refusal? refusal, string steps, CancellationToken cancellationToken)
    {
        var state = JobLifecycle.After(JobState.Running, move);
        await using var command = database.System.CreateCommand(
            $"""
            WITH ended AS (
                UPDATE platform.jobs SET state = $5, result = $6::jsonb, refusal = $7::jsonb, steps = $9::jsonb, ended_at = greatest(now(), started_at), progress = CASE WHEN $5 = 'Succeeded' THEN 1 ELSE progress END
                WHERE {Mine} RETURNING *)
            INSERT INTO platform.outbox (tenant_id, event_id, at, type, subject_kind, subject_id, subject_name, scope, actor_id, actor_name, data, tell_attempts)
            SELECT tenant_id, gen_random_uuid(), now(), '{JobEnded.Name}', 'job', replace(id::text, '-', ''), title, scope, created_by, created_by_name,
                jsonb_build_object('state', $8, 'seconds', extract(epoch FROM ended_at - coalesce(started_at, created_at))), 0
            FROM ended
            """);
        Identify(command, job);
        command.Parameters.Add(new NpgsqlParameter { Value = state.ToString() });
        command.Parameters.Add(Text(result?.GetRawText()));
        command.Parameters.Add(Text(refusal is null ? null : JsonSerializer.Serialize(refusal, PortalJson.Options)));
        command.Parameters.Add(Text(JsonSerializer.SerializeToElement(state, PortalJson.Options).GetString()));
        command.Parameters.Add(Text(steps));
        var ended = await command.ExecuteNonQueryAsync(cancellationToken) == 1;
        if (ended)
            await AnnounceAsync(job.Tenant, job.Id, job.Scope, cancellationToken);
        return ended;
    }

    /// <summary>Back into the queue; an attempt that was ended by something else than the job (the portal shuts down, a store is away) does not count.</summary>
    /// <param name="why">Code of the step that people see meanwhile; null for none.</param>
    internal async Task PutBackAsync(ClaimedJob job, TimeSpan delay, bool counts, string? why, string steps, CancellationToken cancellationToken)
    {
        var state = JobLifecycle.After(JobState.Running, JobMove.PutBack);
        await using var command = database.System.CreateCommand(
            $"UPDATE platform.jobs SET state = $5, worker = NULL, available_at = now() + $6, attempts = attempts - $7, steps = $8::jsonb, step = $9 WHERE {Mine}");
        Identify(command, job);
        command.Parameters.Add(new NpgsqlParameter { Value = state.ToString() });
        command.Parameters.Add(new NpgsqlParameter { Value = delay });
        command.Parameters.Add(new NpgsqlParameter { Value = counts ? 0 : 1 });
        command.Parameters.Add(Text(steps));
        command.Parameters.Add(Text(why));
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 1)
            await AnnounceAsync(job.Tenant, job.Id, job.Scope, cancellationToken);
    }

    /// <summary>Tells live pages to look again.</summary>
    internal async Task AnnounceAsync(TenantId tenant, JobId id, ScopeId? scope, CancellationToken cancellationToken)
    {
        await using var command = database.System.CreateCommand("SELECT pg_notify($1, $2)");
        command.Parameters.Add(new NpgsqlParameter { Value = OutboxRelay.Channel });
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = JsonSerializer.Serialize(new LiveEvent(tenant, Guid.CreateVersion7(), "job.changed", "job", id.ToString(), scope), PortalJson.Options),
        });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void Identify(NpgsqlCommand command, ClaimedJob job)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = job.Tenant.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = job.Id.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = job.Worker });
        command.Parameters.Add(new NpgsqlParameter { Value = job.Attempt });
    }

    private static NpgsqlParameter Text(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text };
}
