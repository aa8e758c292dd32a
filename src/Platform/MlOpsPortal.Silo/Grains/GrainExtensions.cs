namespace MlOpsPortal.Silo;

public static class GrainExtensions
{
    /// <summary>The key of a grain, from inside or from a reference to it.</summary>
    public static string GetPrimaryKeyString(this IAddressable grain) => grain switch
    {
        Grain inside => inside.Running.GrainId.Key.Value,
        GrainReference reference => reference.GrainId.Key.Value,
        _ => throw new ArgumentException($"{grain?.GetType().Name ?? "null"} is neither a grain nor a reference to one.", nameof(grain)),
    };
}

public static class GrainBaseExtensions
{
    /// <summary>
    /// Calls back periodically, as a turn of this grain; the next tick is due one period after the callback has ended. The timer dies
    /// with the activation and, unless KeepAlive is set, does not keep it alive. A callback that throws is logged and ticks again.
    /// </summary>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return ActivationOf(grain).AddTimer(callback, options);
    }

    /// <inheritdoc cref="RegisterGrainTimer(IGrainBase, Func{CancellationToken, Task}, GrainTimerCreationOptions)"/>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<Task> callback, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return ActivationOf(grain).AddTimer(_ => callback(), options);
    }

    /// <inheritdoc cref="RegisterGrainTimer(IGrainBase, Func{CancellationToken, Task}, GrainTimerCreationOptions)"/>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return ActivationOf(grain).AddTimer(token => callback(state, token), options);
    }

    private static Activation ActivationOf(IGrainBase grain) =>
        grain is Grain derived ? derived.Running : throw new ArgumentException("Timers need a class that derives from Grain.", nameof(grain));
}
