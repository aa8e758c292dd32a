namespace MlOpsPortal.SampleGrains;

/// <summary>A grain whose turns a test can hold: each notes "start {name}", waits for the gate {name} and notes "end {name}".</summary>
internal interface IProbeGrain : IGrainWithStringKey
{
    Task Write(string name);

    [ReadOnly]
    Task Look(string name);

    [AlwaysInterleave]
    Task Peek(string name);

    /// <summary>Notes "calling {other}", then calls Write there.</summary>
    Task WriteThrough(string other, string name);

    /// <summary>Calls a method of the grain <paramref name="other"/> that calls back a method of this grain.</summary>
    Task AskToCallBack(string other, string method);

    [ReadOnly]
    Task LookAskToCallBack(string other, string method);

    Task CallBack(string caller, string method);

    [ReadOnly]
    Task LookCallBack(string caller, string method);

    Task Finish();

    Task Stay(TimeSpan time);

    /// <summary>Starts a timer that notes "tick {key}" and, at each tick, waits for the gate "tick".</summary>
    Task StartTimer(GrainTimerCreationOptions options);

    Task StopTimer();
}

internal sealed class ProbeGrain(Journal journal, IGrainFactory grains) : Grain, IProbeGrain
{
    private IGrainTimer? _timer;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        journal.Note($"activate {this.GetPrimaryKeyString()}");
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Note($"deactivate {this.GetPrimaryKeyString()} {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task Write(string name) => HoldAsync(name);

    public Task Look(string name) => HoldAsync(name);

    public Task Peek(string name) => HoldAsync(name);

    public Task WriteThrough(string other, string name)
    {
        journal.Note($"calling {other}");
        return GrainFactory.GetGrain<IProbeGrain>(other).Write(name);
    }

    public Task AskToCallBack(string other, string method) => grains.GetGrain<IProbeGrain>(other).CallBack(this.GetPrimaryKeyString(), method);

    public Task LookAskToCallBack(string other, string method) =>
        grains.GetGrain<IProbeGrain>(other).LookCallBack(this.GetPrimaryKeyString(), method);

    public Task CallBack(string caller, string method)
    {
        var grain = grains.GetGrain<IProbeGrain>(caller);
        return method switch
        {
            nameof(Write) => grain.Write("back"),
            nameof(Look) => grain.Look("back"),
            nameof(Peek) => grain.Peek("back"),
            _ => throw new ArgumentException($"No method {method}.", nameof(method)),
        };
    }

    public Task LookCallBack(string caller, string method) => CallBack(caller, method);

    public Task Finish()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task Stay(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }

    public Task StartTimer(GrainTimerCreationOptions options)
    {
        _timer = this.RegisterGrainTimer(TickAsync, options);
        return Task.CompletedTask;
    }

    public Task StopTimer()
    {
        _timer?.Dispose();
        return Task.CompletedTask;
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        journal.Note($"tick {this.GetPrimaryKeyString()}");
        await journal.Gate("tick");
        journal.Note($"tock {this.GetPrimaryKeyString()}");
    }

    private async Task HoldAsync(string name)
    {
        journal.Note($"start {name}");
        await journal.Gate(name);
        journal.Note($"end {name}");
    }
}
