using System.Buffers.Binary;
using System.Globalization;

namespace MlOpsPortal.Engines.OnnxRuntime;

/// <content>Tensors: where their values stand, and whether there are as many as the shape says.</content>
internal sealed partial class OnnxFileWalk
{
    private (string Name, OnnxConstants.Value Value) Tensor(ProtoReader reader, string where)
    {
        var name = "";
        var type = OnnxElementType.Undefined;
        Int128 elements = 1;
        long raw = -1, typed = 0;
        var isExternal = false;
        long[]? integers = null;
        while (reader.Next())
        {
            if (reader.Field is 2 or 3 or 8 or 9 or 14 && reader.Again())
                Fault(OnnxFaultCode.Duplicate, $"{where} {name}", $"a tensor's field {reader.Field} stands twice");
            switch (reader.Field)
            {
                case 1:
                    elements = Dimensions(reader, elements);
                    break;
                case 2:
                    type = (OnnxElementType)(int)Math.Min(reader.RequireNumber(), int.MaxValue);
                    break;
                case 8:
                    name = Name(reader, where);
                    break;
                case 9:
                    raw = reader.RequireBytes().Length;
                    integers = type == OnnxElementType.Int64 || raw % 8 == 0 ? RawIntegers(reader.Bytes) : null;
                    break;
                case 4 or 5 or 7 or 10 or 11:
                    typed += Packed(reader);
                    if (reader.Field == 7)
                        integers = PackedIntegers(reader, integers);
                    break;
                case 6:
                    typed++;
                    CheckText(reader, where);
                    break;
                case 13:
                    isExternal = true;
                    break;
                case 14:
                    isExternal |= reader.RequireNumber() != 0;
                    break;
            }
        }

        if (isExternal)
            Fault(OnnxFaultCode.ExternalData, $"{where} {name}", "the values stand in another file; save the model with its weights inside");
        else
            CheckTensor(type, elements, raw, typed, $"{where} {name}");
        _parameterBytes += Math.Max(raw, 0) + (typed * (long)Math.Max(Width(type) ?? 4, 1));
        return (name, new(elements, type == OnnxElementType.Int64 ? integers : null));
    }

    /// <summary>The shape must ask for exactly the values that are there.</summary>
    private void CheckTensor(OnnxElementType type, Int128 elements, long raw, long typed, string where)
    {
        if (elements < 0)
            Fault(OnnxFaultCode.TensorSize, where, "a dimension is negative or the shape overflows");
        else if (raw >= 0 && type == OnnxElementType.String)
            Fault(OnnxFaultCode.TensorSize, where, "texts cannot stand in raw bytes");
        else if (raw >= 0 && Width(type) is { } width && elements * width != raw)
            Fault(OnnxFaultCode.TensorSize, where, $"{elements.ToString(CultureInfo.InvariantCulture)} elements of {width} bytes in the shape, {raw} bytes are there");
        else if (raw < 0 && type is OnnxElementType.Float or OnnxElementType.Double or OnnxElementType.Int64 or OnnxElementType.Int32 or OnnxElementType.String
                 && raw < 0 && elements != typed)
            Fault(OnnxFaultCode.TensorSize, where, $"the shape asks for {elements.ToString(CultureInfo.InvariantCulture)} elements, {typed} are there");
        else if (elements > OnnxInspection.MaxFileBytes)
            Fault(OnnxFaultCode.TensorSize, where, "more elements than a file may have bytes");
    }

    private static int? Width(OnnxElementType type) => type switch
    {
        OnnxElementType.Float or OnnxElementType.Int32 or OnnxElementType.UInt32 => 4,
        OnnxElementType.Double or OnnxElementType.Int64 or OnnxElementType.UInt64 or OnnxElementType.Complex64 => 8,
        OnnxElementType.UInt8 or OnnxElementType.Int8 or OnnxElementType.Bool => 1,
        OnnxElementType.UInt16 or OnnxElementType.Int16 or OnnxElementType.Float16 or OnnxElementType.BFloat16 => 2,
        OnnxElementType.Complex128 => 16,
        _ => null,
    };

    private static Int128 Dimensions(ProtoReader reader, Int128 elements)
    {
        if (!reader.IsBytes)
            return Times(elements, (long)reader.Number);
        foreach (var dimension in PackedIntegers(reader, null) ?? [-1])
            elements = Times(elements, dimension);
        return elements;
    }

    private static Int128 Times(Int128 elements, long dimension) => elements < 0 || dimension < 0 ? -1 : Int128.Min(elements, (Int128)1 << 60) * dimension;

    /// <summary>Values in a packed list; its numbers are 4 or 8 bytes wide (floats, doubles) or of variable length.</summary>
    private static long Packed(ProtoReader reader)
    {
        if (!reader.IsBytes)
            return 1;
        if (reader.Field is 4 or 10)
            return reader.Bytes.Length / (reader.Field == 4 ? 4 : 8);
        long count = 0;
        foreach (var next in reader.Bytes)
            count += next < 0x80 ? 1 : 0;
        return count;
    }

    private static long[]? RawIntegers(ReadOnlySpan<byte> raw)
    {
        if (raw.Length > 64 * 8 || raw.Length % 8 != 0)
            return null;
        var values = new long[raw.Length / 8];
        for (var i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadInt64LittleEndian(raw[(8 * i)..]);
        return values;
    }

    /// <summary>The few integers that a shape is made of; null when there are more than 64.</summary>
    private static long[]? PackedIntegers(ProtoReader reader, long[]? before)
    {
        var values = new List<long>(before ?? []);
        if (!reader.IsBytes)
            values.Add((long)reader.Number);
        ulong value = 0;
        var shift = 0;
        foreach (var next in reader.Bytes)
        {
            value |= shift < 64 ? (ulong)(next & 0x7f) << shift : 0;
            shift += 7;
            if (next >= 0x80)
                continue;
            values.Add((long)value);
            (value, shift) = (0, 0);
            if (values.Count > 64)
                return null;
        }

        return values.Count <= 64 ? [.. values] : null;
    }
}
