using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MlOpsPortal.Silo;

/// <summary>Starts the collection of idle activations with the host, and drains the silo when the host stops.</summary>
internal sealed class SiloHost(LocalSilo silo) : IHostedService, IDisposable
{
    private ITimer? _collector;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _collector = silo.Time.CreateTimer(_ => Collect(), null, silo.Options.CollectionQuantum, silo.Options.CollectionQuantum);
        return Task.CompletedTask;
    }

    /// <summary>Refuses new calls, lets running and waiting turns end, then deactivates every grain; each within what is left of the drain timeout.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _collector?.Dispose();
        silo.RefuseNewCalls();
        using var timeout = new CancellationTokenSource(silo.Options.DrainTimeout, silo.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await WithinAsync(WhenQuietAsync(limit.Token), "turns still ran or waited", limit.Token);
        silo.RefuseAllCalls();
        await WithinAsync(DeactivateAllAsync(), "grains were not yet deactivated", limit.Token);
        silo.GiveUpWaiting();
    }

    public void Dispose() => _collector?.Dispose();

    private void Collect()
    {
        foreach (var activation in silo.Activations)
            activation.DeactivateIfIdle();
    }

    /// <summary>A turn that runs may call a grain that was quiet already, so all are asked again until nobody is busy.</summary>
    private async Task WhenQuietAsync(CancellationToken limit)
    {
        while (silo.Activations.Select(activation => activation.WhenQuiet()).Where(quiet => !quiet.IsCompleted).ToArray() is { Length: > 0 } busy && !limit.IsCancellationRequested)
            await Task.WhenAll(busy).WaitAsync(limit);
    }

    private Task DeactivateAllAsync()
    {
        var activations = silo.Activations;
        foreach (var activation in activations)
            activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo is shutting down."));
        return Task.WhenAll(activations.Select(activation => activation.Deactivated));
    }

    private async Task WithinAsync(Task work, string what, CancellationToken limit)
    {
        try
        {
            await work.WaitAsync(limit);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            silo.Log.LogWarning("Shutdown did not wait longer: {What} in {Count} activations", what, silo.Activations.Count);
        }
    }
}
