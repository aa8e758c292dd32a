using System.Runtime.CompilerServices;

namespace MlOpsPortal.Silo;

/// <summary>One call of one grain method, and the caller's reply.</summary>
internal sealed class Request<TArguments, TResult>(
    GrainReference target, GrainMethod<TArguments, TResult> method, TArguments arguments, CallContext? caller) : Turn(caller), IInvokable
    where TArguments : struct, ITuple
{
    // The caller goes on outside of this activation's lane, so its code cannot hold up the grain.
    private readonly TaskCompletionSource<TResult> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _sent = target.Silo.Metrics.Timestamp();

    public Task<TResult> Reply => _reply.Task;

    public GrainMethod<TArguments, TResult> Method => method;

    public override bool IsReadOnly => method.IsReadOnly;

    public override bool Interleaves => method.Interleaves;

    public int GetArgumentCount() => arguments.Length;

    public object? GetArgument(int index) => arguments[index];

    public Task<TResult> InvokeGrain() => method.Invoke(Activation.Instance, arguments);

    public override async Task RunAsync()
    {
        EnterContext();
        var outcome = Invoke();
        if (!outcome.IsCompleted)
            await ((Task)outcome).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Activation.End(this);
        try
        {
            target.Silo.Metrics.CallEnded(_sent, target.GrainId.Type, method.Name, outcome);
        }
        finally
        {
            _reply.SetFromTask(outcome); // whatever a listener of the meter does
        }
    }

    public override void Refuse(Exception reason)
    {
        IsOver = true;
        _reply.SetException(reason);
    }

    public override void GoToNextActivation()
    {
        try
        {
            target.Silo.Send(this, target);
        }
        catch (Exception refusal) when (refusal is LimitExceededException or SiloUnavailableException)
        {
            Refuse(refusal);
        }
    }

    private Task<TResult> Invoke()
    {
        try
        {
            // A caller that has given up while its call waited does not cost a turn.
            method.TokenOf?.Invoke(arguments).ThrowIfCancellationRequested();
            var filters = Activation.Filters;
            return (filters.Length == 0 ? InvokeGrain() : new IncomingCall<TArguments, TResult>(this, filters).RunAsync())
                ?? throw new InvalidOperationException($"{this} returned null instead of a task.");
        }
        catch (OperationCanceledException cancelled) when (cancelled.CancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<TResult>(cancelled.CancellationToken);
        }
        catch (Exception failure)
        {
            return Task.FromException<TResult>(failure);
        }
    }

    public override string ToString() => $"{target.GrainId} {method.Name}";
}
