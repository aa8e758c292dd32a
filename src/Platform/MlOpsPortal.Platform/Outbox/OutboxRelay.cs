using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Json;
using Npgsql;

namespace MlOpsPortal.Platform.Outbox;

/// <summary>Sends what is in the outbox: claims unsent rows (each relay its own, SKIP LOCKED), tells every portal process by NOTIFY with ids
/// only, and marks them sent in the same transaction. At least once; an event carries its id for those who must not see it twice.</summary>
public sealed class OutboxRelay(PortalDatabase database, TimeProvider time, ILogger<OutboxRelay> log) : BackgroundService
{
    /// <summary>The NOTIFY channel that live pages and caches listen on.</summary>
    public const string Channel = "mlops_events";
    private const int BatchSize = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await SendBatchAsync(stoppingToken) == BatchSize)
                    log.LogDebug("A full batch of events was sent, more may wait");
            }
            catch (Exception exception) when (exception is NpgsqlException || DatabaseAway.Is(exception))
            {
                log.LogWarning(exception, "The outbox could not be read; trying again");
            }
        }
    }

    /// <returns>How many events were sent.</returns>
    public async Task<int> SendBatchAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.System.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var events = new List<LiveEvent>();
        await using (var claim = new NpgsqlCommand(
            """
            UPDATE platform.outbox SET sent_at = now() WHERE sequence IN
                (SELECT sequence FROM platform.outbox WHERE sent_at IS NULL ORDER BY sequence LIMIT $1 FOR UPDATE SKIP LOCKED)
            RETURNING tenant_id, event_id, type, subject_kind, subject_id, scope, sequence
            """, connection, transaction))
        {
            claim.Parameters.Add(new NpgsqlParameter { Value = BatchSize });
            await using var reader = await claim.ExecuteReaderAsync(cancellationToken);
            var rows = new List<(long Sequence, LiveEvent Event)>();
            while (await reader.ReadAsync(cancellationToken))
                rows.Add((reader.GetInt64(6), new LiveEvent(
                    new(reader.GetGuid(0)), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.IsDBNull(5) ? null : new(reader.GetGuid(5)))));
            events.AddRange(rows.OrderBy(row => row.Sequence).Select(row => row.Event));
        }

        foreach (var happened in events)
        {
            await using var notify = new NpgsqlCommand("SELECT pg_notify($1, $2)", connection, transaction);
            notify.Parameters.Add(new NpgsqlParameter { Value = Channel });
            notify.Parameters.Add(new NpgsqlParameter { Value = JsonSerializer.Serialize(happened, PortalJson.Options) });
            await notify.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return events.Count;
    }
}
