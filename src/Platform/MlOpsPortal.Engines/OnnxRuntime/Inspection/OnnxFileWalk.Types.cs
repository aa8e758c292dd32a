namespace MlOpsPortal.Engines.OnnxRuntime;

/// <content>Inputs and outputs with their types and shapes.</content>
internal sealed partial class OnnxFileWalk
{
    private OnnxValueInfo ValueInfo(ProtoReader reader)
    {
        var name = "";
        OnnxValueInfo? type = null;
        while (reader.Next())
        {
            if (reader.Field is 1 or 2 && reader.Again())
                Fault(OnnxFaultCode.Duplicate, $"value {name}", $"field {reader.Field} stands twice");
            if (reader.Field == 1)
                name = Name(reader, "value");
            else if (reader.Field == 2)
                type = Type(reader.Message(), name, 0);
        }

        return (type ?? new(name, OnnxValueKind.Unknown, OnnxElementType.Undefined, [])) with { Name = name };
    }

    private OnnxValueInfo Type(ProtoReader reader, string name, int depth)
    {
        var found = new OnnxValueInfo(name, OnnxValueKind.Unknown, OnnxElementType.Undefined, []);
        if (depth > MaxTypeDepth)
        {
            Fault(OnnxFaultCode.TypeDepth, $"value {name}", $"a type nested more than {MaxTypeDepth} deep");
            return found;
        }

        while (reader.Next())
        {
            if (reader.Field is 1 or 4 or 5 or 7 or 8 or 9 && found.Kind != OnnxValueKind.Unknown)
                Fault(OnnxFaultCode.Duplicate, $"value {name}", "two types");
            switch (reader.Field)
            {
                case 1:
                    found = TensorType(reader.Message(), name);
                    break;
                case 4:
                    var element = Inner(reader.Message(), name, depth, 1);
                    found = element.Kind == OnnxValueKind.Map
                        ? element with { Kind = OnnxValueKind.SequenceOfMaps }
                        : element with { Kind = OnnxValueKind.Sequence };
                    break;
                case 5:
                    found = Inner(reader.Message(), name, depth, 2) with { Kind = OnnxValueKind.Map, Shape = [], KeyType = KeyType(reader.Message()) };
                    break;
                case 7:
                    found = found with { Kind = OnnxValueKind.Opaque };
                    break;
                case 8:
                    found = found with { Kind = OnnxValueKind.SparseTensor };
                    Fault(OnnxFaultCode.SparseTensor, $"value {name}", "a sparse type");
                    break;
                case 9:
                    found = Inner(reader.Message(), name, depth, 1) with { Kind = OnnxValueKind.Optional };
                    break;
            }
        }

        return found;
    }

    private OnnxValueInfo Inner(ProtoReader reader, string name, int depth, int field)
    {
        var found = new OnnxValueInfo(name, OnnxValueKind.Unknown, OnnxElementType.Undefined, []);
        while (reader.Next())
        {
            if (reader.Field == field)
                found = Type(reader.Message(), name, depth + 1);
        }

        return found;
    }

    private static OnnxElementType KeyType(ProtoReader map)
    {
        var type = OnnxElementType.Undefined;
        while (map.Next())
        {
            if (map.Field == 1)
                type = (OnnxElementType)(int)Math.Min(map.RequireNumber(), int.MaxValue);
        }

        return type;
    }

    private OnnxValueInfo TensorType(ProtoReader reader, string name)
    {
        var type = OnnxElementType.Undefined;
        var shape = new List<long>();
        while (reader.Next())
        {
            if (reader.Again())
                Fault(OnnxFaultCode.Duplicate, $"value {name}", $"a tensor type's field {reader.Field} stands twice");
            if (reader.Field == 1)
            {
                type = (OnnxElementType)(int)Math.Min(reader.RequireNumber(), int.MaxValue);
            }
            else if (reader.Field == 2)
            {
                var dimensions = reader.Message();
                while (dimensions.Next())
                {
                    if (dimensions.Field == 1 && shape.Count < 64)
                        shape.Add(Dimension(dimensions.Message()));
                }
            }
        }

        return new(name, OnnxValueKind.Tensor, type, shape);
    }

    private long Dimension(ProtoReader reader)
    {
        var size = -1L;
        while (reader.Next())
        {
            if (reader.Field == 1)
                size = (long)reader.RequireNumber() is > 0 and var fixedSize ? fixedSize : -1;
            else if (reader.Field == 2)
                _ = Name(reader, "dimension");
        }

        return size;
    }
}
