using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MlOpsPortal.Engines.Tests.OnnxRuntime;

/// <summary>Writes protobuf fields by number: enough to craft a model, good or hostile.</summary>
internal sealed class OnnxBytes
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    internal byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    internal OnnxBytes Number(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    internal OnnxBytes Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    internal OnnxBytes Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    internal OnnxBytes Message(int field, OnnxBytes value) => Bytes(field, value.ToArray());

    internal OnnxBytes Raw(ReadOnlySpan<byte> value)
    {
        _bytes.Write(value);
        return this;
    }

    /// <summary>A model around a graph, opset 17 and ai.onnx.ml 3.</summary>
    internal static OnnxBytes Model(OnnxBytes graph, long opset = 17) => new OnnxBytes().Number(1, 8).Text(2, "tests")
        .Message(7, graph)
        .Message(8, new OnnxBytes().Text(1, "").Number(2, opset))
        .Message(8, new OnnxBytes().Text(1, "ai.onnx.ml").Number(2, 3));

    /// <summary>A graph with input x and output y, both float [n, 1].</summary>
    internal static OnnxBytes Graph(params ReadOnlySpan<OnnxBytes> nodes)
    {
        var graph = new OnnxBytes();
        foreach (var node in nodes)
            graph.Message(1, node);
        return graph.Text(2, "g").Message(11, Value("x")).Message(12, Value("y"));
    }

    internal static OnnxBytes Node(string operation, string[] inputs, string[] outputs, params ReadOnlySpan<OnnxBytes> attributes)
    {
        var node = new OnnxBytes();
        foreach (var input in inputs)
            node.Text(1, input);
        foreach (var output in outputs)
            node.Text(2, output);
        node.Text(4, operation);
        foreach (var attribute in attributes)
            node.Message(5, attribute);
        return node;
    }

    internal static OnnxBytes Value(string name, int type = 1, int rank = 2)
    {
        var shape = new OnnxBytes();
        for (var i = 0; i < rank; i++)
            shape.Message(1, i == 0 ? new OnnxBytes().Text(2, "n") : new OnnxBytes().Number(1, 1));
        return new OnnxBytes().Text(1, name).Message(2, new OnnxBytes().Message(1, new OnnxBytes().Number(1, type).Message(2, shape)));
    }

    internal static OnnxBytes Int64Tensor(string name, params ReadOnlySpan<long> values)
    {
        var raw = new byte[8 * values.Length];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(raw.AsSpan(8 * i), values[i]);
        return new OnnxBytes().Number(1, values.Length).Number(2, 7).Text(8, name).Bytes(9, raw);
    }

    internal static OnnxBytes Attribute(string name, int kind, Action<OnnxBytes> value)
    {
        var attribute = new OnnxBytes().Text(1, name);
        value(attribute);
        return attribute.Number(20, kind);
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Write([(byte)(value | 0x80)]);
        _bytes.Write([(byte)value]);
    }
}
