using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MlOpsPortal.Silo;

/// <summary>The directory of this process: finds or makes the one activation of a grain and hands it calls.</summary>
internal sealed class LocalSilo : IGrainFactory, IDisposable
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();
    private readonly GrainCatalog _catalog;
    private readonly Lazy<IIncomingGrainCallFilter[]> _filters;
    private readonly Func<GrainReference, Activation> _lookUp;
    private readonly CancellationTokenSource _stopping = new();
    private volatile bool _isDraining;
    private volatile bool _isStopped;

    public LocalSilo(
        IServiceProvider services,
        IEnumerable<RegisteredGrain> grains,
        IOptions<SiloOptions> options,
        TimeProvider time,
        IMeterFactory meters,
        ILogger<LocalSilo> log)
    {
        Services = services;
        Options = options.Value;
        Time = time;
        Log = log;
        Stopping = _stopping.Token;
        Metrics = new SiloMetrics(meters, () => _activations.Values);
        _catalog = new GrainCatalog(grains.Select(grain => grain.Type));
        // At the first call, not here: a filter may itself want the grain factory.
        _filters = new(() => [.. services.GetServices<IIncomingGrainCallFilter>()]);
        _lookUp = reference => _activations.GetOrAdd(
            reference.GrainId, static (id, found) => new Activation(found.Silo, found.GrainClass, id), reference);
    }

    public IServiceProvider Services { get; }

    public SiloOptions Options { get; }

    public TimeProvider Time { get; }

    public ILogger Log { get; }

    public SiloMetrics Metrics { get; }

    public IIncomingGrainCallFilter[] Filters => _filters.Value;

    /// <summary>Cancelled when shutdown cannot wait any longer.</summary>
    public CancellationToken Stopping { get; }

    public bool IsDraining => _isDraining;

    public ICollection<Activation> Activations => _activations.Values;

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrEmpty(primaryKey);
        return (TGrainInterface)(object)_catalog[typeof(TGrainInterface)].CreateReference(this, primaryKey);
    }

    public void Send(Turn turn, GrainReference target)
    {
        // While draining, what runs may finish: its own calls to other grains go on.
        if (_isStopped || (_isDraining && turn.Caller?.Turn is not { IsOver: false }))
            throw new SiloUnavailableException($"{turn} was not called: the silo is shutting down.");
        while (true)
        {
            var activation = target.Find(_lookUp);
            turn.CheckForCycle(activation);
            if (activation.TryAccept(turn, isBounded: true))
                return;
        }
    }

    public void Forget(Activation activation) => _activations.TryRemove(KeyValuePair.Create(activation.GrainId, activation));

    public void RefuseNewCalls() => _isDraining = true;

    public void RefuseAllCalls() => _isStopped = true;

    public void GiveUpWaiting() => _stopping.Cancel();

    public void Dispose()
    {
        Metrics.Dispose();
        _stopping.Dispose();
    }
}
