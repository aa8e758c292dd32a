namespace MlOpsPortal.Engines.OnnxRuntime;

/// <summary>Reads the descriptions of inputs and outputs from a loaded session.</summary>
internal static unsafe class OnnxMetadata
{
    internal static IReadOnlyList<OnnxValueInfo> Inputs(nint session) =>
        Read(session, OnnxApi.InputCount, OnnxApi.InputName, OnnxApi.InputType);

    internal static IReadOnlyList<OnnxValueInfo> Outputs(nint session) =>
        Read(session, OnnxApi.OutputCount, OnnxApi.OutputName, OnnxApi.OutputType);

    /// <summary>Element type and shape of a tensor's description, which stays its owner's.</summary>
    internal static (OnnxElementType Type, long[] Shape) Tensor(nint info)
    {
        int type;
        nuint count;
        OnnxApi.Check(OnnxApi.ElementType(info, &type));
        OnnxApi.Check(OnnxApi.DimensionCount(info, &count));
        var shape = new long[count];
        fixed (long* start = shape)
            OnnxApi.Check(OnnxApi.Dimensions(info, start, count));
        return ((OnnxElementType)type, shape);
    }

    private static OnnxValueInfo[] Read(
        nint session,
        delegate* unmanaged<nint, nuint*, nint> count,
        delegate* unmanaged<nint, nuint, nint, byte**, nint> name,
        delegate* unmanaged<nint, nuint, nint*, nint> type)
    {
        nuint found;
        OnnxApi.Check(count(session, &found));
        var values = new OnnxValueInfo[found];
        for (nuint i = 0; i < found; i++)
        {
            byte* text;
            nint described;
            OnnxApi.Check(name(session, i, OnnxApi.Allocator, &text));
            var read = OnnxApi.TakeText(text);
            OnnxApi.Check(type(session, i, &described));
            try
            {
                values[i] = Describe(read, described);
            }
            finally
            {
                OnnxApi.ReleaseType(described);
            }
        }

        return values;
    }

    private static OnnxValueInfo Describe(string name, nint type)
    {
        int kind;
        nint inner;
        OnnxApi.Check(OnnxApi.KindOfType(type, &kind));
        switch (KindOf(kind))
        {
            case OnnxValueKind.Tensor:
                OnnxApi.Check(OnnxApi.AsTensorInfo(type, &inner));
                var (elementType, shape) = Tensor(inner);
                return new(name, OnnxValueKind.Tensor, elementType, shape);
            case OnnxValueKind.Sequence:
                OnnxApi.Check(OnnxApi.AsSequenceType(type, &inner));
                return DescribeSequence(name, inner);
            case var other:
                return new(name, other, OnnxElementType.Undefined, []);
        }
    }

    private static OnnxValueInfo DescribeSequence(string name, nint sequence)
    {
        nint element, map, value, tensor;
        int kind, key;
        OnnxApi.Check(OnnxApi.SequenceElementType(sequence, &element));
        try
        {
            OnnxApi.Check(OnnxApi.KindOfType(element, &kind));
            if (KindOf(kind) != OnnxValueKind.Map)
                return new(name, OnnxValueKind.Sequence, OnnxElementType.Undefined, []);
            OnnxApi.Check(OnnxApi.AsMapType(element, &map));
            OnnxApi.Check(OnnxApi.MapKeyType(map, &key));
            OnnxApi.Check(OnnxApi.MapValueType(map, &value));
            try
            {
                OnnxApi.Check(OnnxApi.AsTensorInfo(value, &tensor));
                var type = tensor == 0 ? OnnxElementType.Undefined : Tensor(tensor).Type;
                return new(name, OnnxValueKind.SequenceOfMaps, type, [], (OnnxElementType)key);
            }
            finally
            {
                OnnxApi.ReleaseType(value);
            }
        }
        finally
        {
            OnnxApi.ReleaseType(element);
        }
    }

    private static OnnxValueKind KindOf(int kind) => kind switch
    {
        1 => OnnxValueKind.Tensor,
        2 => OnnxValueKind.Sequence,
        3 => OnnxValueKind.Map,
        4 => OnnxValueKind.Opaque,
        5 => OnnxValueKind.SparseTensor,
        6 => OnnxValueKind.Optional,
        _ => OnnxValueKind.Unknown,
    };
}
