using System.Buffers;
using System.Text;

namespace MlOpsPortal.Engines.OnnxRuntime;

/// <summary>A named tensor to score: all rows, row after row. The memory is read during the run only, never copied (texts are).</summary>
public abstract class OnnxInput
{
    private protected OnnxInput(string name, OnnxElementType elementType, long length, ReadOnlySpan<long> shape)
    {
        long product = 1;
        foreach (var dimension in shape)
            product = checked(product * dimension);
        if (shape.ContainsAnyInRange(long.MinValue, -1) || product != length)
            throw new ArgumentException($"Input '{name}' holds {length} values, its shape [{string.Join(",", shape.ToArray())}] asks for {product}.", nameof(shape));
        Name = name;
        ElementType = elementType;
        Shape = shape.ToArray();
    }

    public string Name { get; }

    public OnnxElementType ElementType { get; }

    public IReadOnlyList<long> Shape { get; }

    public static OnnxInput Floats(string name, ReadOnlyMemory<float> values, params ReadOnlySpan<long> shape) =>
        new Numbers<float>(name, OnnxElementType.Float, values, shape);

    public static OnnxInput Doubles(string name, ReadOnlyMemory<double> values, params ReadOnlySpan<long> shape) =>
        new Numbers<double>(name, OnnxElementType.Double, values, shape);

    public static OnnxInput Int64s(string name, ReadOnlyMemory<long> values, params ReadOnlySpan<long> shape) =>
        new Numbers<long>(name, OnnxElementType.Int64, values, shape);

    public static OnnxInput Int32s(string name, ReadOnlyMemory<int> values, params ReadOnlySpan<long> shape) =>
        new Numbers<int>(name, OnnxElementType.Int32, values, shape);

    public static OnnxInput Booleans(string name, ReadOnlyMemory<bool> values, params ReadOnlySpan<long> shape) =>
        new Numbers<bool>(name, OnnxElementType.Bool, values, shape);

    public static OnnxInput Strings(string name, ReadOnlyMemory<string> values, params ReadOnlySpan<long> shape) =>
        new Texts(name, values, shape);

    /// <summary>Makes the native tensor. What it is laid over stays pinned until <paramref name="pin"/> is disposed.</summary>
    internal abstract nint Create(out MemoryHandle pin);

    /// <summary>Writes a text into a tensor of texts, byte for byte; a NUL does not end it.</summary>
    internal static unsafe void Write(nint tensor, int index, string text)
    {
        byte* buffer;
        var length = Encoding.UTF8.GetByteCount(text);
        OnnxApi.Check(OnnxApi.StringBuffer(tensor, (nuint)index, (nuint)length, &buffer));
        Encoding.UTF8.GetBytes(text, new Span<byte>(buffer, length));
    }

    private sealed class Numbers<T>(string name, OnnxElementType elementType, ReadOnlyMemory<T> values, ReadOnlySpan<long> shape)
        : OnnxInput(name, elementType, values.Length, shape)
        where T : unmanaged
    {
        private readonly ReadOnlyMemory<T> _values = values;

        internal override unsafe nint Create(out MemoryHandle pin)
        {
            nint tensor;
            pin = _values.Pin();
            fixed (long* dimensions = (long[])Shape)
            {
                OnnxApi.Check(OnnxApi.CreateTensorOver(
                    OnnxApi.CpuMemory, pin.Pointer, (nuint)_values.Length * (nuint)sizeof(T), dimensions, (nuint)Shape.Count, (int)ElementType, &tensor));
            }

            return tensor;
        }
    }

    private sealed class Texts(string name, ReadOnlyMemory<string> values, ReadOnlySpan<long> shape)
        : OnnxInput(name, OnnxElementType.String, values.Length, shape)
    {
        private readonly ReadOnlyMemory<string> _values = values;

        internal override unsafe nint Create(out MemoryHandle pin)
        {
            nint tensor;
            pin = default;
            fixed (long* dimensions = (long[])Shape)
                OnnxApi.Check(OnnxApi.CreateTensor(OnnxApi.Allocator, dimensions, (nuint)Shape.Count, (int)ElementType, &tensor));
            try
            {
                var texts = _values.Span;
                for (var i = 0; i < texts.Length; i++)
                    Write(tensor, i, texts[i]);
                return tensor;
            }
            catch
            {
                OnnxApi.ReleaseValue(tensor);
                throw;
            }
        }
    }
}
