using System.Runtime.InteropServices;
using System.Text;

namespace MlOpsPortal.Engines.OnnxRuntime;

/// <summary>
/// A loaded model and the names of its inputs and outputs as C strings. Counted: it is released when it was disposed and the last run or rented row has let go.
/// </summary>
internal sealed unsafe class OnnxSessionHandle() : SafeHandle(0, ownsHandle: true)
{
    private byte** _inputNames;
    private byte** _outputNames;
    private int _inputs;
    private int _outputs;

    public override bool IsInvalid => handle == 0;

    internal byte** InputNames => _inputNames;

    internal byte** OutputNames => _outputNames;

    internal static OnnxSessionHandle Own(nint session)
    {
        var owner = new OnnxSessionHandle();
        owner.SetHandle(session);
        return owner;
    }

    internal void KeepNames(IReadOnlyList<OnnxValueInfo> inputs, IReadOnlyList<OnnxValueInfo> outputs)
    {
        _inputNames = Native(inputs);
        _inputs = inputs.Count;
        _outputNames = Native(outputs);
        _outputs = outputs.Count;
    }

    protected override bool ReleaseHandle()
    {
        OnnxApi.ReleaseSession(handle);
        Free(_inputNames, _inputs);
        Free(_outputNames, _outputs);
        return true;
    }

    private static byte** Native(IReadOnlyList<OnnxValueInfo> values)
    {
        var names = (byte**)NativeMemory.AllocZeroed((nuint)Math.Max(values.Count, 1), (nuint)sizeof(byte*));
        for (var i = 0; i < values.Count; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(values[i].Name);
            names[i] = (byte*)NativeMemory.AllocZeroed((nuint)bytes.Length + 1);
            bytes.CopyTo(new Span<byte>(names[i], bytes.Length));
        }

        return names;
    }

    private static void Free(byte** names, int count)
    {
        for (var i = 0; i < count; i++)
            NativeMemory.Free(names[i]);
        NativeMemory.Free(names);
    }
}
