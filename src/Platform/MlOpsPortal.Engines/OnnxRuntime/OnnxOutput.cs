using System.Text;

namespace MlOpsPortal.Engines.OnnxRuntime;

/// <summary>
/// One output of a run. A ZipMap is laid out as a tensor too: <see cref="Keys"/> names its columns in the model's order, <see cref="Shape"/> is [rows, keys].
/// </summary>
/// <param name="Name">As the model spells it.</param>
/// <param name="ElementType">Of <paramref name="Data"/>.</param>
/// <param name="Shape">Of a tensor, or [rows, keys].</param>
/// <param name="Data">float[], double[], long[], int[], bool[] or string[], row after row.</param>
/// <param name="Keys">Of a ZipMap: long or string, one per column; otherwise null.</param>
public sealed record OnnxOutput(string Name, OnnxElementType ElementType, IReadOnlyList<long> Shape, Array Data, IReadOnlyList<object>? Keys = null)
{
    /// <exception cref="InvalidCastException">The output holds another type.</exception>
    public float[] Floats => (float[])Data;

    /// <exception cref="InvalidCastException">The output holds another type.</exception>
    public long[] Int64s => (long[])Data;

    /// <exception cref="InvalidCastException">The output holds another type.</exception>
    public string[] Strings => (string[])Data;

    /// <summary>Any numeric output, widened.</summary>
    /// <exception cref="OnnxException">The output is text or Boolean.</exception>
    public double[] ToDoubles() => Data switch
    {
        double[] values => values,
        float[] values => Array.ConvertAll(values, value => (double)value),
        long[] values => Array.ConvertAll(values, value => (double)value),
        int[] values => Array.ConvertAll(values, value => (double)value),
        _ => throw new OnnxException($"Output '{Name}' holds {ElementType}, not numbers."),
    };

    internal static unsafe OnnxOutput Read(string name, nint value)
    {
        int kind;
        OnnxApi.Check(OnnxApi.KindOfValue(value, &kind));
        return kind switch
        {
            1 => ReadTensor(name, value),
            2 => ReadMaps(name, value),
            _ => throw new OnnxException($"Output '{name}' is neither a tensor nor a sequence of maps."),
        };
    }

    internal static unsafe string Text(nint tensor, int index)
    {
        nuint length;
        OnnxApi.Check(OnnxApi.StringLength(tensor, (nuint)index, &length));
        var bytes = new byte[checked((int)length)];
        fixed (byte* start = bytes)
            OnnxApi.Check(OnnxApi.StringContent(tensor, length, (nuint)index, start));
        return Encoding.UTF8.GetString(bytes);
    }

    private static unsafe OnnxOutput ReadTensor(string name, nint tensor)
    {
        nint info;
        OnnxApi.Check(OnnxApi.TensorTypeAndShape(tensor, &info));
        var (type, shape) = Described(info);
        var count = 1;
        foreach (var dimension in shape)
            count = checked(count * (int)dimension);
        Array data = type switch
        {
            OnnxElementType.Float => Copy<float>(tensor, count),
            OnnxElementType.Double => Copy<double>(tensor, count),
            OnnxElementType.Int64 => Copy<long>(tensor, count),
            OnnxElementType.Int32 => Copy<int>(tensor, count),
            OnnxElementType.Bool => Copy<bool>(tensor, count),
            OnnxElementType.String => Texts(tensor, count),
            _ => throw new OnnxException($"Output '{name}' holds {type}, which is not read here."),
        };
        return new(name, type, shape, data);
    }

    private static unsafe (OnnxElementType Type, long[] Shape) Described(nint info)
    {
        try
        {
            return OnnxMetadata.Tensor(info);
        }
        finally
        {
            OnnxApi.ReleaseTensorInfo(info);
        }
    }

    private static unsafe T[] Copy<T>(nint tensor, int count)
        where T : unmanaged
    {
        var values = new T[count];
        void* start;
        OnnxApi.Check(OnnxApi.TensorData(tensor, &start));
        if (count > 0)
            new ReadOnlySpan<T>(start, count).CopyTo(values);
        return values;
    }

    private static string[] Texts(nint tensor, int count)
    {
        var values = new string[count];
        for (var i = 0; i < count; i++)
            values[i] = Text(tensor, i);
        return values;
    }

    /// <summary>A map is a value of two tensors, keys and values; every row of a ZipMap has the same keys in the same order.</summary>
    private static unsafe OnnxOutput ReadMaps(string name, nint sequence)
    {
        nuint rows;
        OnnxApi.Check(OnnxApi.ValueCount(sequence, &rows));
        Array? keys = null;
        float[] data = [];
        for (var row = 0; row < (int)rows; row++)
        {
            var map = Element(sequence, row);
            try
            {
                var rowKeys = Part(name, map, 0).Data;
                if (Part(name, map, 1).Data is not float[] values)
                    throw new OnnxException($"Output '{name}' maps to something other than float, which is not read here.");
                if (keys is null)
                {
                    keys = rowKeys;
                    data = new float[checked(values.Length * (int)rows)];
                }
                else if (!Same(keys, rowKeys))
                {
                    throw new OnnxException($"Output '{name}' has other keys in row {row} than in row 0.");
                }

                values.CopyTo(data, row * values.Length);
            }
            finally
            {
                OnnxApi.ReleaseValue(map);
            }
        }

        var names = keys?.Cast<object>().ToArray() ?? [];
        return new(name, OnnxElementType.Float, [(long)rows, names.Length], data, names);
    }

    private static unsafe OnnxOutput Part(string name, nint map, int index)
    {
        var part = Element(map, index);
        try
        {
            return ReadTensor(name, part);
        }
        finally
        {
            OnnxApi.ReleaseValue(part);
        }
    }

    private static unsafe nint Element(nint container, int index)
    {
        nint element;
        OnnxApi.Check(OnnxApi.GetValue(container, index, OnnxApi.Allocator, &element));
        return element;
    }

    private static bool Same(Array left, Array right) => (left, right) switch
    {
        (long[] a, long[] b) => a.AsSpan().SequenceEqual(b),
        (string[] a, string[] b) => a.AsSpan().SequenceEqual(b),
        _ => false,
    };
}
