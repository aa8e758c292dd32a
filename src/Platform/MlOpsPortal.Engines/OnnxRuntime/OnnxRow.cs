using System.Runtime.InteropServices;

namespace MlOpsPortal.Engines.OnnxRuntime;

/// <summary>
/// One row's input tensors, laid once over memory of their own, and the outputs of its last run. Set every value before each run: old ones stay.
/// Used by one thread at a time. Inputs must be tensors of a fixed number of columns; the first dimension counts rows.
/// </summary>
public sealed unsafe class OnnxRow : IDisposable
{
    private readonly OnnxRowPool _pool;
    private readonly OnnxSession _session;
    private readonly int[] _outputs;
    private readonly int[] _columns;
    private readonly OnnxRunOptions _options = new(shrinkArena: false);

    /// <summary>In one block: input values, output values, output names.</summary>
    private readonly nint* _values;
    private readonly nint* _results;
    private readonly byte** _outputNames;
    private readonly byte* _data;
    private readonly byte*[] _starts;
    private bool _rented;

    internal OnnxRow(OnnxRowPool pool, OnnxSession session, int[] outputs)
    {
        _pool = pool;
        _session = session;
        _outputs = outputs;
        _columns = [.. session.Inputs.Select(Columns)];
        _starts = new byte*[_columns.Length];
        _values = (nint*)NativeMemory.AllocZeroed((nuint)(_columns.Length + (2 * outputs.Length)), (nuint)sizeof(nint));
        _results = _values + _columns.Length;
        _outputNames = (byte**)(_results + outputs.Length);
        for (var i = 0; i < outputs.Length; i++)
            _outputNames[i] = session.Handle.OutputNames[outputs[i]];
        _data = (byte*)NativeMemory.AllocZeroed((nuint)_columns.Sum(), sizeof(double));
        Lay();
    }

    /// <summary>Sets all columns of a float input [1, n].</summary>
    public void Set(int input, ReadOnlySpan<float> values) => values.CopyTo(Cells<float>(input, OnnxElementType.Float));

    public void Set(int input, float value, int column = 0) => Cells<float>(input, OnnxElementType.Float)[column] = value;

    public void Set(int input, double value, int column = 0) => Cells<double>(input, OnnxElementType.Double)[column] = value;

    public void Set(int input, long value, int column = 0) => Cells<long>(input, OnnxElementType.Int64)[column] = value;

    public void Set(int input, int value, int column = 0) => Cells<int>(input, OnnxElementType.Int32)[column] = value;

    public void Set(int input, bool value, int column = 0) => Cells<bool>(input, OnnxElementType.Bool)[column] = value;

    public void Set(int input, string value, int column = 0)
    {
        _ = Cells<double>(input, OnnxElementType.String)[column];
        OnnxInput.Write(_values[input], column, value);
    }

    /// <summary>Scores the row. Its outputs can be read until the next run or until it is given back.</summary>
    /// <exception cref="OnnxException">The model failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Run(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(!_rented, this);
        Clear();
        _options.Execute(
            _session.Handle.DangerousGetHandle(), _session.Handle.InputNames, _values, _columns.Length, _outputNames, _results, _outputs.Length, cancellationToken);
    }

    /// <summary>A float tensor's values, in the library's memory: valid until the next run.</summary>
    /// <param name="output">Position among the outputs that the pool was made for.</param>
    public ReadOnlySpan<float> Floats(int output) => Result<float>(output, OnnxElementType.Float);

    public ReadOnlySpan<double> Doubles(int output) => Result<double>(output, OnnxElementType.Double);

    public ReadOnlySpan<long> Int64s(int output) => Result<long>(output, OnnxElementType.Int64);

    /// <summary>Any output, copied: for texts and ZipMaps.</summary>
    public OnnxOutput Read(int output) => OnnxOutput.Read(_session.Outputs[_outputs[output]].Name, Given(output));

    /// <summary>Gives the row back to its pool.</summary>
    public void Dispose()
    {
        if (!_rented)
            return;
        _rented = false;
        Clear();
        _session.Handle.DangerousRelease();
        _pool.Return(this);
    }

    /// <summary>Holds the session, so that it outlives this row's run.</summary>
    internal void Begin() => _session.Handle.DangerousAddRef(ref _rented);

    internal void Free()
    {
        for (var i = 0; i < _columns.Length; i++)
            OnnxSession.Release(_values[i]);
        NativeMemory.Free(_values);
        NativeMemory.Free(_data);
        _options.Dispose();
    }

    private static int Columns(OnnxValueInfo input)
    {
        if (input.Kind != OnnxValueKind.Tensor || input.Shape.Count == 0 || input.Shape.Skip(1).Any(dimension => dimension < 1) || input.Shape[0] is not (-1 or 1))
            throw new OnnxException($"Input '{input.Name}' cannot be scored one row at a time: its shape is [{string.Join(",", input.Shape)}].");
        return checked((int)input.Shape.Skip(1).Aggregate(1L, (product, dimension) => checked(product * dimension)));
    }

    private void Lay()
    {
        var next = _data;
        for (var i = 0; i < _columns.Length; i++)
        {
            var input = _session.Inputs[i];
            var shape = input.Shape.ToArray();
            shape[0] = 1;
            _starts[i] = next;
            fixed (long* dimensions = shape)
            {
                var (rank, type) = ((nuint)shape.Length, (int)input.ElementType);
                OnnxApi.Check(input.ElementType == OnnxElementType.String
                    ? OnnxApi.CreateTensor(OnnxApi.Allocator, dimensions, rank, type, &_values[i])
                    : OnnxApi.CreateTensorOver(OnnxApi.CpuMemory, next, (nuint)(_columns[i] * Width(input)), dimensions, rank, type, &_values[i]));
            }

            next += _columns[i] * sizeof(double);
        }
    }

    private static int Width(OnnxValueInfo input) => input.ElementType switch
    {
        OnnxElementType.Float or OnnxElementType.Int32 => 4,
        OnnxElementType.Double or OnnxElementType.Int64 => 8,
        OnnxElementType.Bool => 1,
        _ => throw new OnnxException($"Input '{input.Name}' holds {input.ElementType}, which is not written here."),
    };

    private Span<T> Cells<T>(int input, OnnxElementType type)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(!_rented, this);
        if (_session.Inputs[input].ElementType != type)
            throw new OnnxException($"Input '{_session.Inputs[input].Name}' holds {_session.Inputs[input].ElementType}, not {type}.");
        return new(_starts[input], _columns[input]);
    }

    private ReadOnlySpan<T> Result<T>(int output, OnnxElementType type)
        where T : unmanaged
    {
        nint info;
        nuint count;
        int found;
        void* start;
        var value = Given(output);
        OnnxApi.Check(OnnxApi.TensorTypeAndShape(value, &info));
        OnnxApi.Check(OnnxApi.ElementType(info, &found));
        OnnxApi.Check(OnnxApi.ElementCount(info, &count));
        OnnxApi.ReleaseTensorInfo(info);
        if ((OnnxElementType)found != type)
            throw new OnnxException($"Output '{_session.Outputs[_outputs[output]].Name}' holds {(OnnxElementType)found}, not {type}.");
        OnnxApi.Check(OnnxApi.TensorData(value, &start));
        return new(start, checked((int)count));
    }

    private nint Given(int output)
    {
        _ = _outputs[output];
        return _results[output] != 0 ? _results[output] : throw new InvalidOperationException("The row has not been run.");
    }

    private void Clear()
    {
        for (var i = 0; i < _outputs.Length; i++)
        {
            OnnxSession.Release(_results[i]);
            _results[i] = 0;
        }
    }
}
