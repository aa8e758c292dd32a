namespace MlOpsPortal.Silo;

/// <summary>
/// Runs the code of one activation on one thread at a time, whichever of the pool's it is: starts of turns and continuations of their awaits.
/// Interleaving turns therefore alternate at awaits and never run side by side. A turn that blocks on a task deadlocks, as on Orleans.
/// </summary>
internal sealed class Lane : SynchronizationContext, IThreadPoolWorkItem
{
    // After so many pieces of work a lane goes to the end of the pool's queue, so that one busy grain does not keep a thread for itself.
    private const int Share = 64;

    private readonly Queue<(SendOrPostCallback Callback, object? State)> _work = new();
    private bool _isScheduled;

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_work)
        {
            _work.Enqueue((d, state));
            if (_isScheduled)
                return;
            _isScheduled = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("A grain's thread cannot be waited for.");

    public override SynchronizationContext CreateCopy() => this;

    public void Execute()
    {
        SetSynchronizationContext(this);
        try
        {
            for (var done = 0; done < Share; done++)
            {
                if (!TryTake(out var work))
                    return;
                work.Callback(work.State);
            }
        }
        finally
        {
            SetSynchronizationContext(null);
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private bool TryTake(out (SendOrPostCallback Callback, object? State) work)
    {
        lock (_work)
            return _isScheduled = _work.TryDequeue(out work);
    }
}
