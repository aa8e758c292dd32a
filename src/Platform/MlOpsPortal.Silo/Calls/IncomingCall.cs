using System.Reflection;
using System.Runtime.CompilerServices;

namespace MlOpsPortal.Silo;

/// <summary>A call on its way through the filters.</summary>
internal sealed class IncomingCall<TArguments, TResult>(Request<TArguments, TResult> request, IIncomingGrainCallFilter[] filters) : IIncomingGrainCallContext
    where TArguments : struct, ITuple
{
    private int _next;

    public IInvokable Request => request;

    public object Grain => request.Activation.Instance;

    public GrainId? SourceId => request.Caller?.Turn?.Activation.GrainId;

    public GrainId TargetId => request.Activation.GrainId;

    public IGrainContext TargetContext => request.Activation;

    public string InterfaceName => request.Method.InterfaceName;

    public string MethodName => request.Method.Name;

    public MethodInfo InterfaceMethod => request.Method.InterfaceMethod;

    public MethodInfo ImplementationMethod => request.Method.ImplementationMethod;

    public object? Result { get; set; }

    public async Task<TResult> RunAsync()
    {
        await Invoke();
        return Result is null ? default! : (TResult)Result; // null where the method has no result, or a nullable one
    }

    public async Task Invoke()
    {
        if (_next < filters.Length)
        {
            await filters[_next++].Invoke(this);
            return;
        }

        var result = await request.InvokeGrain();
        Result = result is Nothing ? null : result;
    }
}
