namespace MlOpsPortal.Silo;

/// <summary>Base of every grain class. Constructors take services and do no I/O; state is loaded in <see cref="OnActivateAsync"/>.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    private readonly Activation? _activation = Activation.UnderConstruction;

    public IGrainContext GrainContext => Running;

    protected IGrainFactory GrainFactory => Running.Silo;

    protected IServiceProvider ServiceProvider => Running.ActivationServices;

    internal Activation Running =>
        _activation ?? throw new InvalidOperationException($"{GetType().Name} was not created by a silo, so it has no identity, timers or other grains.");

    /// <summary>Runs before the first turn. When it throws, the callers that wait get the exception and the next call tries again.</summary>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs after the last turn; the token is cancelled when the silo cannot wait any longer.</summary>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends this activation after the turns that run now.</summary>
    protected void DeactivateOnIdle() =>
        Running.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, $"{nameof(DeactivateOnIdle)} was called."));

    /// <summary>Keeps the activation at least this long; zero returns to the usual collection, <see cref="Timeout.InfiniteTimeSpan"/> keeps it for good.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => Running.DelayDeactivation(timeSpan);
}
