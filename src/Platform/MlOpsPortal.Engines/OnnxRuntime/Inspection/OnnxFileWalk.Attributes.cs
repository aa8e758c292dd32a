namespace MlOpsPortal.Engines.OnnxRuntime;

/// <content>A node's attributes: values, tensors, and the subgraphs of branches and loops.</content>
internal sealed partial class OnnxFileWalk
{
    /// <returns>The value of a Constant node, or the size of what a generator makes.</returns>
    private OnnxConstants.Value? Attribute(ProtoReader reader, string node, string operation, int depth, OnnxConstants constants)
    {
        var name = "";
        long values = 0;
        OnnxConstants.Value? made = null;
        var ints = new List<long>();
        while (reader.Next())
        {
            if (reader.Field is 1 or 2 or 3 or 4 or 5 or 6 or 14 or 20 or 21 or 22 && reader.Again())
                Fault(OnnxFaultCode.Duplicate, $"{node}/{name}", $"an attribute's field {reader.Field} stands twice");
            switch (reader.Field)
            {
                case 1:
                    name = Name(reader, node);
                    break;
                case 3 when operation == "Constant":
                    made = new(1, [(long)reader.RequireNumber()]);
                    break;
                case 4:
                    CheckText(reader, $"{node}/{name}");
                    break;
                case 5:
                    made = Tensor(reader.Message(), $"{node}/{name}").Value;
                    break;
                case 6:
                    Graph(reader.Message(), $"{node}/{name}", depth + 1, constants);
                    break;
                case 7:
                    values += reader.IsBytes ? reader.Bytes.Length / 4 : 1;
                    _parameterBytes += reader.IsBytes ? reader.Bytes.Length : 4;
                    break;
                case 8:
                    values += Integers(reader, ints);
                    break;
                case 9:
                    values++;
                    CheckText(reader, $"{node}/{name}");
                    break;
                case 10:
                    values++;
                    _ = Tensor(reader.Message(), $"{node}/{name}");
                    break;
                case 11:
                    values++;
                    Graph(reader.Message(), $"{node}/{name}", depth + 1, constants);
                    break;
                case 14 or 15:
                    _ = Type(reader.Message(), "", 0);
                    break;
                case 22 or 23:
                    Fault(OnnxFaultCode.SparseTensor, $"{node}/{name}", "a sparse tensor");
                    break;
            }
        }

        if (values > OnnxInspection.MaxAttributeValues)
            Fault(OnnxFaultCode.TooManyValues, $"{node}/{name}", $"{values} values; at most {OnnxInspection.MaxAttributeValues} are taken");
        return operation switch
        {
            "Constant" => made ?? (values > 0 ? new(values, ints.Count == values ? [.. ints] : null) : new(1, null)),
            _ when name == "shape" && OnnxOperators.Generators.Contains(operation) => Generated(ints),
            _ => null,
        };
    }

    private static OnnxConstants.Value Generated(List<long> shape) =>
        new(shape.Aggregate(Int128.One, (product, dimension) => Int128.Min(product * Math.Max(dimension, 0), 1L << 60)), null);

    private long Integers(ProtoReader reader, List<long> few)
    {
        if (!reader.IsBytes)
        {
            _parameterBytes += 8;
            if (few.Count < 64)
                few.Add((long)reader.Number);
            return 1;
        }

        long count = 0;
        foreach (var next in reader.Bytes)
            count += next < 0x80 ? 1 : 0;
        _parameterBytes += 8 * count;
        return count;
    }

    private void CheckText(ProtoReader reader, string where)
    {
        _parameterBytes += reader.RequireBytes().Length;
        if (reader.Bytes.Length > MaxTextBytes)
            Fault(OnnxFaultCode.NameTooLong, where, $"a text of {reader.Bytes.Length} bytes; at most {MaxTextBytes} are taken");
    }
}
