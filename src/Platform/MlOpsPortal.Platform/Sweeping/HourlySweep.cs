using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using Npgsql;

namespace MlOpsPortal.Platform.Sweeping;

/// <summary>Removes what is past its time, an hour after the start and every hour from then on. Whatever goes wrong in one round, the next one comes:
/// what is left lying costs room and nothing else.</summary>
public abstract class HourlySweep(TimeProvider time, ILogger log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    protected TimeProvider Time => time;

    /// <summary>What is swept, as the log names it: "deleted runs".</summary>
    protected abstract string What { get; }

    /// <summary>One round, by hand too.</summary>
    /// <returns>How many were removed.</returns>
    public abstract Task<int> SweepAsync(CancellationToken cancellationToken);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await SweepAsync(stoppingToken) is > 0 and var swept)
                    log.LogInformation("Swept {Count} {What}", swept, What);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                var passes = exception is NpgsqlException or Azure.RequestFailedException || DatabaseAway.Is(exception) || BlobsAway.Is(exception);
                log.Log(passes ? LogLevel.Warning : LogLevel.Error, exception, "The sweep of {What} stopped early; the next one goes on", What);
            }
        }
    }
}
