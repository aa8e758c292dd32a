namespace MlOpsPortal.Engines.OnnxRuntime;

/// <summary>The options of a run: what turns a cancelled token into the library's terminate flag. Reusable, one run at a time.</summary>
internal sealed unsafe class OnnxRunOptions : IDisposable
{
    private readonly nint _options;
    private bool _terminated;

    internal OnnxRunOptions(bool shrinkArena)
    {
        nint created;
        OnnxApi.Check(OnnxApi.CreateRunOptions(&created));
        _options = created;
        if (!shrinkArena)
            return;
        fixed (byte* key = "memory.enable_memory_arena_shrinkage"u8, device = "cpu:0"u8)
            OnnxApi.Check(OnnxApi.AddRunConfig(created, key, device));
    }

    public void Dispose() => OnnxApi.ReleaseRunOptions(_options);

    internal void Execute(
        nint session, byte** inputNames, nint* inputs, int inputCount, byte** outputNames, nint* outputs, int outputCount, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_terminated)
            OnnxApi.Check(OnnxApi.UnsetTerminate(_options));
        _terminated = false;
        nint status;
        using (cancellationToken.UnsafeRegister(static state => ((OnnxRunOptions)state!).Terminate(), this))
            status = OnnxApi.Run(session, _options, inputNames, inputs, (nuint)inputCount, outputNames, (nuint)outputCount, outputs);
        if (status == 0)
            return;
        var failure = OnnxApi.Failure(status);
        throw _terminated ? new OperationCanceledException("The run was stopped at its deadline.", failure, cancellationToken) : failure;
    }

    private void Terminate()
    {
        _terminated = true;
        OnnxApi.Check(OnnxApi.SetTerminate(_options));
    }
}
