using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Notifications;
using MlOpsPortal.Platform.Outbox;
using Npgsql;

namespace MlOpsPortal.Audit.Notifications;

/// <summary>Hands events to the rules of their type, and what these say into inboxes. An event is claimed (SKIP LOCKED), told in the tenant's own
/// transaction, and noted as told afterwards: a process that dies between tells it again, and the inbox's unique key lets nobody hear it twice.</summary>
internal sealed class NotificationRelay(
    PortalDatabase database, IEnumerable<INotificationRule> rules, Teller teller, TimeProvider time, ILogger<NotificationRelay> log) : BackgroundService
{
    private const int MostAttempts = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private readonly ILookup<string, INotificationRule> rules =
        rules.SelectMany(rule => rule.EventTypes.Select(type => (type, rule))).ToLookup(pair => pair.type, pair => pair.rule, StringComparer.Ordinal);

    /// <summary>Tells a person's open pages to count again.</summary>
    public static Task AnnounceAsync(TenantDbContext db, UserId user, CancellationToken cancellationToken)
    {
        var payload = JsonSerializer.Serialize(new LiveEvent(db.Tenant, Guid.CreateVersion7(), "inbox.changed", InboxDesk.LiveKind, user.ToString(), null), PortalJson.Options);
        return db.Database.ExecuteSqlAsync($"SELECT pg_notify({OutboxRelay.Channel}, {payload})", cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await PassOverAsync(stoppingToken);
                while (await TellNextAsync(stoppingToken))
                    log.LogDebug("An event was told, more may wait");
            }
            catch (Exception exception) when (exception is NpgsqlException || DatabaseAway.Is(exception))
            {
                log.LogWarning(exception, "The outbox could not be read; trying again");
            }
        }
    }

    /// <summary>Events that nobody has a rule for.</summary>
    internal async Task PassOverAsync(CancellationToken cancellationToken)
    {
        await using var command = database.System.CreateCommand(
            """
            UPDATE platform.outbox SET told_at = now() WHERE sequence IN
                (SELECT sequence FROM platform.outbox WHERE told_at IS NULL AND type <> ALL ($1) ORDER BY sequence LIMIT 1000 FOR UPDATE SKIP LOCKED)
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = rules.Select(group => group.Key).ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <returns>False when nothing waits.</returns>
    internal async Task<bool> TellNextAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.System.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await ClaimAsync(connection, transaction, cancellationToken) is not var (sequence, happened))
            return false;
        var told = await TryTellAsync(happened, cancellationToken);
        await using var note = new NpgsqlCommand(
            "UPDATE platform.outbox SET tell_attempts = tell_attempts + 1, told_at = CASE WHEN $2 THEN now() END WHERE sequence = $1", connection, transaction);
        note.Parameters.Add(new NpgsqlParameter { Value = sequence });
        note.Parameters.Add(new NpgsqlParameter { Value = told });
        await note.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<bool> TryTellAsync(Happened happened, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var rule in rules[happened.Type])
                await teller.TellAsync(happened, await rule.TellAsync(happened, cancellationToken), cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !DatabaseAway.Is(exception))
        {
            // A bug of one rule must not keep everybody's news back; the event is tried again, ever more rarely, and stays in the table.
            log.LogError(exception, "Event {Event} ({Type}) could not be told", happened.EventId, happened.Type);
            return false;
        }
    }

    private static async Task<(long Sequence, Happened Happened)?> ClaimAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var claim = new NpgsqlCommand(
            string.Create(CultureInfo.InvariantCulture, $"""
            SELECT sequence, tenant_id, event_id, type, subject_kind, subject_id, subject_name, scope, actor_id, actor_name, at, data FROM platform.outbox
            WHERE told_at IS NULL AND tell_attempts < {MostAttempts} AND (tell_attempts = 0 OR at < now() - interval '5 seconds' * power(2, tell_attempts))
            ORDER BY sequence LIMIT 1 FOR UPDATE SKIP LOCKED
            """), connection, transaction);
        await using var reader = await claim.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        return (reader.GetInt64(0), new Happened(
            new TenantId(reader.GetGuid(1)), reader.GetGuid(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.GetString(6),
            reader.IsDBNull(7) ? null : new ScopeId(reader.GetGuid(7)), new UserId(reader.GetGuid(8)), reader.GetString(9), reader.GetFieldValue<DateTimeOffset>(10), reader.GetString(11)));
    }
}
