using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Json;
using Npgsql;

namespace MlOpsPortal.Deployments.Serving.Spool;

/// <summary>Brings spooled predictions into the log, oldest first, per tenant. While the database is away they wait; one that the database will never take is
/// put aside in a file and counted, so that the others go on.</summary>
internal sealed class SpoolDrain(
    PredictionSpool spool, IPredictionStore store, IOptions<PortalFolderOptions> place, TimeProvider time, ILogger<SpoolDrain> log) : BackgroundService
{
    private const int BatchSize = 2000;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private long logged;
    private long setAside;
    private bool away;

    /// <summary>Predictions brought into the log since the process started.</summary>
    public long Logged => Interlocked.Read(ref logged);

    /// <summary>Predictions that the database refused.</summary>
    public long SetAside => Interlocked.Read(ref setAside);

    /// <summary>The last try found no database.</summary>
    public bool IsAway => Volatile.Read(ref away);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(Tick, time);
        while (await tick.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                tick.Period = await DrainAsync(stoppingToken) ? Tick : Patience;
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException)
            {
                log.LogError(exception, "The spool cannot be read; trying again");
                tick.Period = Patience;
            }
        }
    }

    /// <summary>What is left is tried once more; what remains then waits for the next start.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!cancellationToken.IsCancellationRequested)
            await DrainAsync(cancellationToken);
    }

    /// <summary>Empties the spool.</summary>
    /// <returns>False when the database is away.</returns>
    public async Task<bool> DrainAsync(CancellationToken cancellationToken)
    {
        while (spool.Read(BatchSize) is { Predictions.Count: > 0 } batch)
        {
            foreach (var tenant in batch.Predictions.GroupBy(prediction => prediction.Tenant))
            {
                try
                {
                    await AddAsync(tenant.Key, [.. tenant], cancellationToken);
                }
                catch (Exception exception) when (IsAwayFor(exception))
                {
                    if (!IsAway)
                        log.LogWarning(exception, "Predictions cannot be logged now; {Records} wait in the spool", spool.Records);
                    Volatile.Write(ref away, true);
                    return false;
                }
            }

            if (IsAway)
                log.LogInformation("Predictions are logged again; {Records} wait in the spool", spool.Records);
            Volatile.Write(ref away, false);
            Interlocked.Add(ref logged, batch.Predictions.Count);
            spool.Done(batch);
        }

        return true;
    }

    /// <summary>Anything but a refusal of the data themselves (classes 22 and 23) is a matter of time.</summary>
    private static bool IsAwayFor(Exception exception) =>
        Refusal(exception) is null && (exception is NpgsqlException or TimeoutException || DatabaseAway.Is(exception) || exception.InnerException is { } inner && IsAwayFor(inner));

    private static PostgresException? Refusal(Exception? exception) => exception switch
    {
        null => null,
        PostgresException { SqlState: ['2', '2' or '3', ..] } refusal => refusal,
        _ => Refusal(exception.InnerException),
    };

    /// <summary>Adds predictions; when one of them cannot be stored, finds it by halving.</summary>
    private async Task AddAsync(TenantId tenant, List<LoggedPrediction> predictions, CancellationToken cancellationToken)
    {
        try
        {
            await store.AddAsync(tenant, predictions, cancellationToken);
        }
        catch (Exception exception) when (Refusal(exception) is { } refusal)
        {
            if (predictions.Count == 1)
            {
                await PutAsideAsync(predictions[0], refusal, cancellationToken);
                return;
            }

            var half = predictions.Count / 2;
            await AddAsync(tenant, predictions[..half], cancellationToken);
            await AddAsync(tenant, predictions[half..], cancellationToken);
        }
    }

    private async Task PutAsideAsync(LoggedPrediction prediction, PostgresException refusal, CancellationToken cancellationToken)
    {
        var file = Path.Combine(place.Value.DataFolder, "spool", "refused.jsonl");
        await File.AppendAllTextAsync(file, JsonSerializer.Serialize(prediction, PortalJson.Options) + "\n", cancellationToken);
        Interlocked.Increment(ref setAside);
        log.LogError("The database refuses prediction {Id} of deployment {Deployment} ({State}); it stands in {File}", prediction.Id, prediction.Deployment, refusal.SqlState, file);
    }
}
