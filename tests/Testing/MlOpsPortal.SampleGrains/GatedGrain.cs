namespace MlOpsPortal.SampleGrains;

/// <summary>
/// A grain whose coming and going a test holds. It cannot be activated before the gate "healthy" is open; with a key "slow..." it waits for it,
/// with a key "ring..." it calls a grain that calls it back. It leaves through the gate "leave".
/// </summary>
internal interface IGatedGrain : IGrainWithStringKey
{
    Task Touch(string name);

    Task Leave();

    Task<object?> ContextValue(string key);
}

internal sealed class GatedGrain(Journal journal) : Grain, IGatedGrain, IDisposable
{
    private object? _contextWhenActivated;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        journal.Note($"activate {key}");
        _contextWhenActivated = RequestContext.Get("user");
        if (key.StartsWith("slow", StringComparison.Ordinal))
            await journal.Gate("healthy");
        if (key.StartsWith("ring", StringComparison.Ordinal))
            await GrainFactory.GetGrain<ICallerGrain>("b").TouchGated(key);
        if (!journal.Gate("healthy").IsCompleted)
            throw new InvalidOperationException($"{key} is not healthy.");
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Note($"leaving {this.GetPrimaryKeyString()} {reason.ReasonCode}");
        await journal.Gate("leave").WaitAsync(cancellationToken);
        journal.Note($"left {this.GetPrimaryKeyString()}");
    }

    public Task Touch(string name)
    {
        journal.Note($"touch {name}");
        return Task.CompletedTask;
    }

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<object?> ContextValue(string key) => Task.FromResult(key == "activation" ? _contextWhenActivated : RequestContext.Get(key));

    public void Dispose() => journal.Note($"disposed {this.GetPrimaryKeyString()}");
}

/// <summary>Calls other grains, with and without a changed request context.</summary>
internal interface ICallerGrain : IGrainWithStringKey
{
    Task TouchGated(string key);

    /// <summary>Sets the user, asks a counter's context there and returns what it saw; the caller must not see the change.</summary>
    Task<string> SetUserAndAsk(string user);

    Task<string> User();
}

internal sealed class CallerGrain : Grain, ICallerGrain
{
    public Task TouchGated(string key) => GrainFactory.GetGrain<IGatedGrain>(key).Touch("back");

    public async Task<string> SetUserAndAsk(string user)
    {
        RequestContext.Set("user", user);
        return await GrainFactory.GetGrain<ICallerGrain>($"{this.GetPrimaryKeyString()}/next").User();
    }

    public Task<string> User() => Task.FromResult(RequestContext.Get("user") as string ?? "nobody");
}
