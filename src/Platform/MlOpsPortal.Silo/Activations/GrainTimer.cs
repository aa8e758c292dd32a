using Microsoft.Extensions.Logging;

namespace MlOpsPortal.Silo;

/// <summary>A timer whose ticks are turns. The clock runs once per tick: the next is due one period after the callback has ended.</summary>
internal sealed class GrainTimer : IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly CancellationTokenSource _disposed = new();
    private readonly Lock _gate = new();
    private readonly ITimer _clock;
    private readonly CancellationToken _token;
    private TimeSpan _period;
    private TimeSpan? _due;
    private bool _isTicking;
    private bool _isDisposed;

    public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _callback = callback;
        _options = options;
        _token = _disposed.Token;
        using (ExecutionContext.SuppressFlow()) // a tick belongs to no caller
            _clock = activation.Silo.Time.CreateTimer(static timer => ((GrainTimer)timer!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan); // itself
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _period = period;
            // Changed by its own callback: what it says comes after it.
            if (_isTicking)
                _due = dueTime;
            else
                _clock.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            _clock.Dispose();
        }

        _activation.Forget(this);
        _disposed.Cancel();
        _disposed.Dispose();
    }

    private void Ring()
    {
        lock (_gate)
        {
            if (_isDisposed || _isTicking)
                return;
            _isTicking = true;
        }

        if (!_activation.Silo.IsDraining)
            _activation.TryAccept(new Tick(this), isBounded: false);
    }

    private void Rewind()
    {
        lock (_gate)
        {
            _isTicking = false;
            if (!_isDisposed)
                _clock.Change(_due ?? _period, Timeout.InfiniteTimeSpan);
            _due = null;
        }
    }

    private sealed class Tick(GrainTimer timer) : Turn(null)
    {
        public override bool Interleaves => timer._options.Interleave;

        public override bool CountsAsUse => timer._options.KeepAlive;

        public override async Task RunAsync()
        {
            EnterContext();
            try
            {
                if (!timer._isDisposed)
                    await timer._callback(timer._token);
            }
            catch (Exception failure)
            {
                if (!timer._isDisposed)
                    Activation.Silo.Log.LogError(failure, "A timer of grain {Grain} failed; it ticks on", Activation.GrainId);
            }

            timer.Rewind();
            Activation.End(this);
        }

        public override void Refuse(Exception reason)
        {
        }

        // A tick dies with its activation.
        public override void GoToNextActivation()
        {
        }

        public override string ToString() => $"{Activation.GrainId} timer";
    }
}
