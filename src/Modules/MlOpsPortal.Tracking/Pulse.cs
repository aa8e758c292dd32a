using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Tracking.Data;
using Npgsql;

namespace MlOpsPortal.Tracking;

/// <summary>Tells open pages that an experiment's runs log: at most once a second each, however much they log. It is no event of the outbox: missing one costs a page a second.</summary>
public sealed class Pulse : BackgroundService
{
    /// <summary>The type of the live event; its subject is the experiment.</summary>
    public const string Logged = "experiment.logged";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<(TenantId Tenant, ExperimentId Experiment), ScopeId> beating = new();
    private readonly ITenantDb<TrackingDbContext> databases;
    private readonly TimeProvider time;
    private readonly ILogger<Pulse> log;

    internal Pulse(ITenantDb<TrackingDbContext> databases, TimeProvider time, ILogger<Pulse> log) => (this.databases, this.time, this.log) = (databases, time, log);

    internal void Beat(TenantId tenant, ExperimentId experiment, ScopeId scope) => beating[(tenant, experiment)] = scope;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await TellAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException || DatabaseAway.Is(exception))
            {
                log.LogWarning(exception, "Open pages could not be told of what runs log; trying again");
            }
        }
    }

    internal async Task TellAsync(CancellationToken cancellationToken)
    {
        foreach (var tenant in beating.Keys.GroupBy(key => key.Tenant).ToList())
        {
            await using var db = databases.Open(tenant.Key);
            var connection = await db.ConnectAsync(cancellationToken);
            await using var batch = new NpgsqlBatch(connection);
            foreach (var key in tenant)
                if (beating.TryRemove(key, out var scope))
                    batch.Sql("SELECT pg_notify($1, $2)", OutboxRelay.Channel, JsonSerializer.Serialize(
                        new LiveEvent(key.Tenant, Guid.CreateVersion7(time.GetUtcNow()), Logged, "experiment", key.Experiment.ToString(), scope), PortalJson.Options));
            if (batch.BatchCommands.Count > 0)
                await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
