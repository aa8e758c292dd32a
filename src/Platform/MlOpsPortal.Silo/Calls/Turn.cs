using System.Collections.Immutable;

namespace MlOpsPortal.Silo;

/// <summary>A piece of work of one activation, from its start to the end of its last await.</summary>
internal abstract class Turn(CallContext? caller)
{
    private volatile bool _isOver;

    public CallContext? Caller => caller;

    /// <summary>Set when the turn is handed to an activation; another one when that activation ended before the turn began.</summary>
    public Activation Activation { get; set; } = null!; // no turn is looked at before it is dispatched

    public virtual bool IsReadOnly => false;

    public virtual bool Interleaves => false;

    /// <summary>Whether the activation counts as used; ticks of timers do not keep it alive.</summary>
    public virtual bool CountsAsUse => true;

    /// <summary>Comes, over other grains, from a turn that runs in the same activation: making it wait for others could wait for itself.</summary>
    public bool ComesFromWithin { get; private set; }

    public bool Overtakes => Interleaves || ComesFromWithin;

    public bool HasStarted { get; private set; }

    public bool IsOver
    {
        get => _isOver;
        set => _isOver = value;
    }

    /// <summary>Runs in the activation's lane and never throws: what the grain throws is the turn's outcome.</summary>
    public abstract Task RunAsync();

    /// <summary>Ends a turn that will not run.</summary>
    public abstract void Refuse(Exception reason);

    public abstract void GoToNextActivation();

    public void Start()
    {
        HasStarted = true;
        // RunAsync reports through the turn itself; its own task carries nothing.
        _ = RunAsync();
    }

    public void EnterContext() => CallContext.Current = new CallContext(caller?.Values ?? ImmutableDictionary<string, object>.Empty, this);

    /// <summary>Refuses a call that would wait for itself, by walking up the turns that led to it.</summary>
    public void CheckForCycle(Activation target)
    {
        ComesFromWithin = false;
        for (var ancestor = caller?.Turn; ancestor is not null; ancestor = ancestor.Caller?.Turn)
        {
            if (ancestor.Activation != target || ancestor.IsOver)
                continue;
            if (!ancestor.HasStarted || !(Interleaves || ancestor.Interleaves || (IsReadOnly && ancestor.IsReadOnly)))
                throw new GrainCallCycleException($"{this} would wait for itself: it comes, over other grains, from {ancestor}, which has not ended.");
            ComesFromWithin = true;
        }
    }
}

/// <summary>Stands for OnActivateAsync or OnDeactivateAsync in the chain of calls. It is not queued, and nothing interleaves with it.</summary>
internal sealed class LifecycleTurn(CallContext? caller, string name) : Turn(caller)
{
    public override Task RunAsync() => Task.CompletedTask;

    public override void Refuse(Exception reason)
    {
    }

    public override void GoToNextActivation()
    {
    }

    public override string ToString() => $"{Activation.GrainId} {name}";
}
