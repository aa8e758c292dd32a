using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Json;
using Npgsql;

namespace MlOpsPortal.Platform.Outbox;

/// <summary>That something happened, with ids only: whoever may see more reads it as herself.</summary>
public sealed record LiveEvent(TenantId Tenant, Guid EventId, string Type, string SubjectKind, string SubjectId, ScopeId? Scope)
{
    /// <summary>Not an event of anyone: the connection is back, and what happened meanwhile was not heard.</summary>
    public static readonly LiveEvent Reconnected = new(default, Guid.Empty, "portal.reconnected", "", "", null);

    /// <summary>Not an event of anyone: the database cannot be reached. Nothing is heard until <see cref="Reconnected"/>.</summary>
    public static readonly LiveEvent Disconnected = new(default, Guid.Empty, "portal.disconnected", "", "", null);
}

/// <summary>Every event of every portal process, as it happens. Callbacks come on no circuit and in no tenant: a page captures its tenant when it
/// subscribes and uses InvokeAsync. Events may be missed while the database is away; <see cref="LiveEvent.Reconnected"/> is sent to everyone when it is back: read anew.</summary>
public sealed class LiveEvents(PortalDatabase database, TimeProvider time, ILogger<LiveEvents> log) : BackgroundService
{
    private readonly ConcurrentDictionary<long, Subscription> subscriptions = new();
    private long next;

    /// <summary>False while the database cannot be reached.</summary>
    public bool AreHeard { get; private set; } = true;

    /// <summary>Calls back for each event of a tenant; dispose to end.</summary>
    public IDisposable Subscribe(TenantId tenant, Action<LiveEvent> callback) => Add(tenant, callback);

    /// <summary>Calls back for each event of any tenant; for caches of the process, never for pages.</summary>
    public IDisposable SubscribeAll(Action<LiveEvent> callback) => Add(null, callback);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var retry = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        do
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException || DatabaseAway.Is(exception))
            {
                if (AreHeard)
                    Tell(LiveEvent.Disconnected, areHeard: false);
                log.LogWarning(exception, "Live events are not heard for now; listening again in a second");
            }
        }
        while (await retry.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.System.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notification) => Publish(JsonSerializer.Deserialize<LiveEvent>(notification.Payload, PortalJson.Options)!); // the relay wrote it
        await using (var listen = new NpgsqlCommand($"LISTEN {OutboxRelay.Channel}", connection))
            await listen.ExecuteNonQueryAsync(cancellationToken);
        Tell(LiveEvent.Reconnected, areHeard: true);
        while (true)
            await connection.WaitAsync(cancellationToken);
    }

    private void Tell(LiveEvent happened, bool areHeard)
    {
        AreHeard = areHeard;
        foreach (var subscription in subscriptions.Values)
            Call(subscription, happened);
    }

    internal void Publish(LiveEvent happened)
    {
        // Caches of the process first: a page that reads again must not be answered by what is outdated.
        foreach (var subscription in subscriptions.Values.Where(subscription => subscription.Tenant is null || subscription.Tenant == happened.Tenant).OrderBy(subscription => subscription.Tenant is not null))
            Call(subscription, happened);
    }

    /// <summary>A listener that fails takes nothing from the others, and does not end the listening.</summary>
    private void Call(Subscription subscription, LiveEvent happened)
    {
        try
        {
            subscription.Callback(happened);
        }
        catch (Exception exception)
        {
            log.LogError(exception, "A listener failed at {Type}", happened.Type);
        }
    }

    private Subscription Add(TenantId? tenant, Action<LiveEvent> callback)
    {
        var id = Interlocked.Increment(ref next);
        var subscription = new Subscription(tenant, callback, () => subscriptions.TryRemove(id, out _));
        subscriptions[id] = subscription;
        return subscription;
    }

    private sealed record Subscription(TenantId? Tenant, Action<LiveEvent> Callback, Action End) : IDisposable
    {
        public void Dispose() => End();
    }
}
