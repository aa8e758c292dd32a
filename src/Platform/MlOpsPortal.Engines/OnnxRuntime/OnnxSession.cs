using System.Buffers;
using System.Text;

namespace MlOpsPortal.Engines.OnnxRuntime;

/// <summary>
/// A loaded model. Any number of threads may run it at once. Disposing it while runs are under way lets them finish; the memory goes with the last.
/// </summary>
public sealed unsafe class OnnxSession : IDisposable
{
    private readonly OnnxSessionHandle _handle;
    private readonly bool _shrink;

    private OnnxSession(OnnxSessionHandle handle, bool shrink)
    {
        _handle = handle;
        _shrink = shrink;
        var native = handle.DangerousGetHandle();
        Inputs = OnnxMetadata.Inputs(native);
        Outputs = OnnxMetadata.Outputs(native);
        handle.KeepNames(Inputs, Outputs);
    }

    public static string LibraryVersion => OnnxApi.LibraryVersion;

    public IReadOnlyList<OnnxValueInfo> Inputs { get; }

    public IReadOnlyList<OnnxValueInfo> Outputs { get; }

    internal OnnxSessionHandle Handle => _handle;

    /// <summary>Loads a model from its bytes, which are not needed afterwards.</summary>
    /// <exception cref="OnnxException">It is no model that this version can run.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the load stopped between two operators.</exception>
    public static OnnxSession Load(ReadOnlySpan<byte> model, OnnxSessionOptions? options = null, CancellationToken cancellationToken = default)
    {
        nint session;
        using var native = new NativeOptions(options ?? OnnxSessionOptions.Serving);
        using var registration = native.CancelledBy(cancellationToken);
        fixed (byte* start = model)
            Checked(OnnxApi.CreateSessionFromArray(OnnxApi.Environment, start, (nuint)model.Length, native.Handle, &session), cancellationToken);
        return Opened(session, options);
    }

    /// <summary>Loads a model from a file, read by the library itself.</summary>
    /// <inheritdoc cref="Load" path="/exception"/>
    public static OnnxSession LoadFile(string path, OnnxSessionOptions? options = null, CancellationToken cancellationToken = default)
    {
        nint session;
        using var native = new NativeOptions(options ?? OnnxSessionOptions.Serving);
        using var registration = native.CancelledBy(cancellationToken);
        fixed (byte* start = Encoding.UTF8.GetBytes(path + '\0'))
            Checked(OnnxApi.CreateSession(OnnxApi.Environment, start, native.Handle, &session), cancellationToken);
        return Opened(session, options);
    }

    /// <summary>Scores a batch.</summary>
    /// <param name="inputs">One per input of the model, in any order.</param>
    /// <param name="outputs">Names of the outputs to compute, in the order wanted; all when null.</param>
    /// <param name="cancellationToken">A deadline: the run stops between two operators.</param>
    /// <exception cref="OnnxException">An input is missing, unknown or of another type or shape, or the model failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IReadOnlyList<OnnxOutput> Run(IReadOnlyList<OnnxInput> inputs, IReadOnlyList<string>? outputs = null, CancellationToken cancellationToken = default)
    {
        var wanted = OutputIndexes(outputs);
        var values = stackalloc nint[Inputs.Count];
        var results = stackalloc nint[wanted.Length];
        var outputNames = stackalloc byte*[wanted.Length];
        new Span<nint>(values, Inputs.Count).Clear();
        new Span<nint>(results, wanted.Length).Clear();
        var pins = new MemoryHandle[Inputs.Count];
        var held = false;
        try
        {
            _handle.DangerousAddRef(ref held);
            for (var i = 0; i < wanted.Length; i++)
                outputNames[i] = _handle.OutputNames[wanted[i]];
            foreach (var input in inputs)
                Place(input, values, pins);
            RequireAll(values);
            using var run = new OnnxRunOptions(_shrink);
            run.Execute(_handle.DangerousGetHandle(), _handle.InputNames, values, Inputs.Count, outputNames, results, wanted.Length, cancellationToken);
            var read = new OnnxOutput[wanted.Length];
            for (var i = 0; i < read.Length; i++)
                read[i] = OnnxOutput.Read(Outputs[wanted[i]].Name, results[i]);
            return read;
        }
        finally
        {
            for (var i = 0; i < wanted.Length; i++)
                Release(results[i]);
            for (var i = 0; i < Inputs.Count; i++)
                Release(values[i]);
            foreach (var pin in pins)
                pin.Dispose();
            if (held)
                _handle.DangerousRelease();
        }
    }

    /// <summary>Reusable buffers for scoring one row at a time without allocating. The pool may be used from any thread.</summary>
    /// <param name="outputs">Names of the outputs to compute; all when null.</param>
    public OnnxRowPool CreateRowPool(IReadOnlyList<string>? outputs = null) => new(this, OutputIndexes(outputs));

    public void Dispose() => _handle.Dispose();

    internal static void Release(nint value)
    {
        if (value != 0)
            OnnxApi.ReleaseValue(value);
    }

    private static void Checked(nint status, CancellationToken cancellationToken)
    {
        if (status == 0)
            return;
        var failure = OnnxApi.Failure(status);
        throw cancellationToken.IsCancellationRequested ? new OperationCanceledException("The load was stopped.", failure, cancellationToken) : failure;
    }

    private static OnnxSession Opened(nint session, OnnxSessionOptions? options)
    {
        var handle = OnnxSessionHandle.Own(session);
        try
        {
            return new OnnxSession(handle, options?.ShrinkArena ?? false);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private void Place(OnnxInput input, nint* values, MemoryHandle[] pins)
    {
        for (var i = 0; i < Inputs.Count; i++)
        {
            if (Inputs[i].Name != input.Name)
                continue;
            if (values[i] != 0)
                throw new OnnxException($"Input '{input.Name}' is given twice.");
            values[i] = input.Create(out pins[i]);
            return;
        }

        throw new OnnxException($"The model has no input '{input.Name}'; it has {string.Join(", ", Inputs.Select(known => known.Name))}.");
    }

    private void RequireAll(nint* values)
    {
        for (var i = 0; i < Inputs.Count; i++)
        {
            if (values[i] == 0)
                throw new OnnxException($"Input '{Inputs[i].Name}' is missing.");
        }
    }

    private int[] OutputIndexes(IReadOnlyList<string>? names)
    {
        if (names is null)
            return [.. Enumerable.Range(0, Outputs.Count)];
        var indexes = new int[names.Count];
        for (var i = 0; i < indexes.Length; i++)
        {
            indexes[i] = Outputs.TakeWhile(output => output.Name != names[i]).Count();
            if (indexes[i] == Outputs.Count)
                throw new OnnxException($"The model has no output '{names[i]}'; it has {string.Join(", ", Outputs.Select(known => known.Name))}.");
        }

        return indexes;
    }

    /// <summary>The options of one load, as the library holds them.</summary>
    private sealed class NativeOptions : IDisposable
    {
        internal NativeOptions(OnnxSessionOptions options)
        {
            if (options.IntraOpThreads is < 1 or > 256)
                throw new ArgumentOutOfRangeException(nameof(options), options.IntraOpThreads, "Threads inside one operator: 1 to 256.");
            nint created;
            OnnxApi.Check(OnnxApi.CreateSessionOptions(&created));
            Handle = created;
            OnnxApi.Check(OnnxApi.SetOptimizationLevel(created, (int)options.Optimization));
            OnnxApi.Check(OnnxApi.SetIntraOpThreads(created, options.IntraOpThreads));
            OnnxApi.Check(OnnxApi.SetInterOpThreads(created, 1));
            // Idle threads that spin would burn the cores that other sessions and Kestrel need.
            fixed (byte* key = "session.intra_op.allow_spinning"u8, off = "0"u8)
                OnnxApi.Check(OnnxApi.AddSessionConfig(created, key, off));
            // A constant of a few bytes in the file can fold to gigabytes at load, in the process that serves. Computing it in the run costs no model here.
            fixed (byte* key = "optimization.disable_specified_optimizers"u8, folding = "ConstantFolding"u8)
                OnnxApi.Check(OnnxApi.AddSessionConfig(created, key, folding));
            if (!options.MemoryArena)
                OnnxApi.Check(OnnxApi.DisableCpuMemArena(created));
            if (!options.MemoryPattern)
                OnnxApi.Check(OnnxApi.DisableMemPattern(created));
        }

        internal nint Handle { get; }

        public void Dispose() => OnnxApi.ReleaseSessionOptions(Handle);

        internal CancellationTokenRegistration CancelledBy(CancellationToken cancellationToken) =>
            cancellationToken.UnsafeRegister(static state => OnnxApi.Check(OnnxApi.SetLoadCancelled(((NativeOptions)state!).Handle, 1)), this);
    }
}
