using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MlOpsPortal.Silo;

/// <summary>The one living instance of a grain, from its first call to its deactivation, with its mailbox, lane, timers and service scope.</summary>
internal sealed class Activation(LocalSilo silo, GrainClass grainClass, GrainId grainId) : IGrainContext
{
    private enum Phase
    {
        Created,
        Activating,
        Active,
        Deactivating,
        Closed,
    }

    [ThreadStatic]
    private static Activation? _underConstruction;

    private static readonly SendOrPostCallback StartTurn = static turn => ((Turn)turn!).Start(); // posted by Start

    private readonly Lock _gate = new();
    private readonly Lane _lane = new();
    private readonly Mailbox _mailbox = new(silo.Options.MailboxCapacity);
    private readonly List<GrainTimer> _timers = [];
    private readonly TaskCompletionSource _deactivated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Phase _phase = Phase.Created;
    private AsyncServiceScope? _scope;
    private Grain? _instance;
    private DeactivationReason _reason;
    private TaskCompletionSource? _quiet;
    private long _lastUsed = silo.Time.GetTimestamp();
    private DateTimeOffset _keepUntil = DateTimeOffset.MinValue;

    /// <summary>The activation whose grain's constructor runs on this thread: that is how a grain without constructor arguments knows itself.</summary>
    public static Activation? UnderConstruction => _underConstruction;

    public LocalSilo Silo => silo;

    public GrainId GrainId => grainId;

    public object? GrainInstance => _instance;

    public Grain Instance => _instance ?? throw new InvalidOperationException($"{grainId} is not active.");

    /// <summary>The silo's filters, then the grain where it is one.</summary>
    public IIncomingGrainCallFilter[] Filters { get; private set; } = [];

    public IServiceProvider ActivationServices => _scope?.ServiceProvider ?? throw new InvalidOperationException($"{grainId} has no service scope yet, or no more.");

    public Task Deactivated => _deactivated.Task;

    public bool IsClosed => _phase == Phase.Closed;

    public int Waiting
    {
        get
        {
            lock (_gate)
                return _mailbox.Waiting;
        }
    }

    /// <summary>Takes a turn in. False when the activation has ended: the turn belongs to the next one.</summary>
    public bool TryAccept(Turn turn, bool isBounded)
    {
        lock (_gate)
        {
            if (_phase == Phase.Closed)
                return false;
            if (isBounded && _mailbox.IsFull)
                throw new LimitExceededException($"{grainId} has {_mailbox.Waiting} calls waiting, as many as it may.");
            turn.Activation = this;
            if (_mailbox.Admit(turn))
                Start(turn);
            if (_phase == Phase.Created)
            {
                _phase = Phase.Activating;
                Post(() => ActivateAsync(new LifecycleTurn(turn.Caller, nameof(IGrainBase.OnActivateAsync)) { Activation = this }));
            }
        }

        return true;
    }

    public void End(Turn turn)
    {
        lock (_gate)
        {
            turn.IsOver = true;
            _mailbox.End(turn);
            if (turn.CountsAsUse)
                _lastUsed = silo.Time.GetTimestamp();
            StartWaiting();
            EndIfAsked();
            TellWhoWaitsForQuiet();
        }
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_mailbox.IsEnding || _phase is Phase.Deactivating or Phase.Closed)
                return;
            _reason = deactivationReason;
            _mailbox.IsEnding = true;
            if (_phase == Phase.Created)
                Close();
            else
                EndIfAsked();
        }
    }

    /// <summary>Ends an activation that has nothing to do and has had nothing to do for the collection age.</summary>
    public void DeactivateIfIdle()
    {
        lock (_gate)
        {
            if (_phase != Phase.Active || !_mailbox.IsEmpty || _keepUntil > silo.Time.GetUtcNow() || silo.Time.GetElapsedTime(_lastUsed) < silo.Options.CollectionAge)
                return;
            Deactivate(new DeactivationReason(DeactivationReasonCode.ActivationIdle, $"Unused for {silo.Options.CollectionAge}."));
        }
    }

    public void DelayDeactivation(TimeSpan time)
    {
        lock (_gate)
            _keepUntil = time == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : silo.Time.GetUtcNow() + time;
    }

    /// <summary>Completes when no turn runs or waits; completed when that is so now.</summary>
    public Task WhenQuiet()
    {
        lock (_gate)
        {
            if (_phase is Phase.Closed || (_mailbox.IsEmpty && _phase is Phase.Active or Phase.Created))
                return Task.CompletedTask;
            return (_quiet ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    public GrainTimer AddTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        var timer = new GrainTimer(this, callback, options);
        lock (_gate)
        {
            if (_phase is Phase.Deactivating or Phase.Closed)
                throw new InvalidOperationException($"{grainId} is ending and takes no more timers.");
            _timers.Add(timer);
        }

        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    public void Forget(GrainTimer timer)
    {
        lock (_gate)
            _timers.Remove(timer);
    }

    private void Start(Turn turn) => _lane.Post(StartTurn, turn);

    private void Post(Func<Task> work) => _lane.Post(static state => _ = ((Func<Task>)state!)(), work); // the state is the argument before

    private void StartWaiting()
    {
        while (_mailbox.Next() is { } next)
            Start(next);
    }

    private void EndIfAsked()
    {
        if (!_mailbox.IsEnding || _mailbox.HasRunning || _phase != Phase.Active)
            return;
        _phase = Phase.Deactivating;
        _mailbox.IsOpen = false;
        Post(DeactivateAsync);
    }

    private void TellWhoWaitsForQuiet()
    {
        if (_phase != Phase.Closed && !_mailbox.IsEmpty)
            return;
        _quiet?.TrySetResult();
        _quiet = null;
    }

    private async Task ActivateAsync(LifecycleTurn turn)
    {
        turn.EnterContext();
        try
        {
            Construct();
            await Instance.OnActivateAsync(silo.Stopping);
        }
        catch (Exception failure)
        {
            turn.IsOver = true;
            silo.Log.LogWarning(failure, "Grain {Grain} was not activated", grainId);
            await CloseAsync(failure);
            return;
        }

        turn.IsOver = true;
        lock (_gate)
        {
            _phase = Phase.Active;
            _mailbox.IsOpen = true;
            foreach (var waiting in _mailbox.TakeWaiting())
            {
                if (_mailbox.Admit(waiting))
                    Start(waiting);
            }

            EndIfAsked();
            TellWhoWaitsForQuiet();
        }
    }

    private void Construct()
    {
        _scope = silo.Services.CreateAsyncScope();
        var outer = _underConstruction;
        _underConstruction = this;
        try
        {
            _instance = grainClass.Create(ActivationServices);
        }
        finally
        {
            _underConstruction = outer;
        }

        Filters = _instance is IIncomingGrainCallFilter itself ? [.. silo.Filters, itself] : silo.Filters;
    }

    private async Task DeactivateAsync()
    {
        var turn = new LifecycleTurn(null, nameof(IGrainBase.OnDeactivateAsync)) { Activation = this };
        turn.EnterContext();
        try
        {
            await Instance.OnDeactivateAsync(_reason, silo.Stopping);
        }
        catch (Exception failure)
        {
            // The activation ends all the same: what it had to save is its own affair, and is told here.
            silo.Log.LogError(failure, "Grain {Grain} failed while it was deactivated ({Reason})", grainId, _reason.ReasonCode);
        }

        turn.IsOver = true;
        await CloseAsync(null);
    }

    private async Task CloseAsync(Exception? failure)
    {
        GrainTimer[] timers;
        lock (_gate)
            timers = [.. _timers];
        foreach (var timer in timers)
            timer.Dispose();
        await DisposeInstanceAsync();

        Turn[] waiting;
        lock (_gate)
        {
            waiting = _mailbox.TakeWaiting();
            Close();
        }

        foreach (var turn in waiting)
        {
            if (failure is null)
                turn.GoToNextActivation();
            else
                turn.Refuse(failure);
        }
    }

    private void Close()
    {
        silo.Forget(this);
        _phase = Phase.Closed;
        _instance = null;
        _scope = null;
        TellWhoWaitsForQuiet();
        _deactivated.SetResult();
    }

    private async Task DisposeInstanceAsync()
    {
        try
        {
            if (_instance is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
            else
                (_instance as IDisposable)?.Dispose();
            if (_scope is { } scope)
                await scope.DisposeAsync();
        }
        catch (Exception failure)
        {
            silo.Log.LogError(failure, "Grain {Grain} failed while it was disposed", grainId);
        }
    }
}
