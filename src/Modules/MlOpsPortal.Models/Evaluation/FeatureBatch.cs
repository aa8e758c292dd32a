using System.Globalization;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.Models.Contracts;

namespace MlOpsPortal.Models.Evaluation;

/// <summary>Rows of a dataset on their way into a model's inputs: filled row by row through the contract, handed over as whole tensors.</summary>
internal sealed class FeatureBatch
{
    private readonly ModelSignature signature;
    private readonly ModelContract contract;
    private readonly Dictionary<string, Array> buffers;
    private readonly (Array Buffer, int Width, ModelValue Input)[] places;

    /// <param name="capacity">Rows that fit.</param>
    public FeatureBatch(ModelSignature signature, ModelContract contract, int capacity)
    {
        (this.signature, this.contract, Capacity) = (signature, contract, capacity);
        buffers = signature.Inputs.ToDictionary(input => input.Name, input => Buffer(input.Type, checked(capacity * input.Width)), StringComparer.Ordinal);
        places = [.. contract.Features.Select(feature => (buffers[feature.Input], signature.Input(feature.Input)!.Width, signature.Input(feature.Input)!))]; // the contract was checked against the signature
    }

    public int Capacity { get; }

    public int Rows { get; private set; }

    /// <summary>Takes the reader's row; its first columns are the features in the contract's order.</summary>
    /// <param name="row">Of the dataset, from 0; for the sentence.</param>
    /// <exception cref="UnfitRowException">A value does not fit its feature.</exception>
    public void Add(DuckDbReader reader, long row)
    {
        for (var column = 0; column < places.Length; column++)
        {
            var (buffer, width, _) = places[column];
            var feature = contract.Features[column];
            var index = (Rows * width) + feature.Position;
            if (reader.IsNull(column))
                SetMissing(buffer, index, feature, row);
            else
                Set(buffer, index, reader, column, feature, row);
        }

        Rows++;
    }

    public void Clear() => Rows = 0;

    public IReadOnlyList<OnnxInput> Inputs() => Inputs(0, Rows);

    /// <summary>Some of the rows.</summary>
    public IReadOnlyList<OnnxInput> Inputs(int start, int rows) => [.. signature.Inputs.Select(input => Tensor(input, start, rows))];

    /// <summary>Gives row i the feature's value of row order[i].</summary>
    /// <returns>The column as it was, for <see cref="Restore"/>.</returns>
    public Array Take(int feature, int[] order)
    {
        var (buffer, width, _) = places[feature];
        var position = contract.Features[feature].Position;
        var before = Array.CreateInstance(buffer.GetType().GetElementType()!, Rows); // an array has one
        for (var row = 0; row < Rows; row++)
            Array.Copy(buffer, (row * width) + position, before, row, 1);
        for (var row = 0; row < Rows; row++)
            Array.Copy(before, order[row], buffer, (row * width) + position, 1);
        return before;
    }

    public void Restore(int feature, Array before)
    {
        var (buffer, width, _) = places[feature];
        for (var row = 0; row < Rows; row++)
            Array.Copy(before, row, buffer, (row * width) + contract.Features[feature].Position, 1);
    }

    private OnnxInput Tensor(ModelValue input, int start, int rows)
    {
        var from = start * input.Width;
        var count = rows * input.Width;
        long[] shape = input.Shape.Length <= 1 ? [rows] : [rows, .. input.Shape.Skip(1).Select(dimension => dimension < 0 ? 1 : dimension)];
        return buffers[input.Name] switch
        {
            float[] values => OnnxInput.Floats(input.Name, values.AsMemory(from, count), shape),
            double[] values => OnnxInput.Doubles(input.Name, values.AsMemory(from, count), shape),
            long[] values => OnnxInput.Int64s(input.Name, values.AsMemory(from, count), shape),
            int[] values => OnnxInput.Int32s(input.Name, values.AsMemory(from, count), shape),
            bool[] values => OnnxInput.Booleans(input.Name, values.AsMemory(from, count), shape),
            string[] values => OnnxInput.Strings(input.Name, values.AsMemory(from, count), shape),
            var other => throw new InvalidOperationException($"No tensor is made of {other.GetType().Name}."),
        };
    }

    private static Array Buffer(OnnxElementType type, int length) => type switch
    {
        OnnxElementType.Float => new float[length],
        OnnxElementType.Double => new double[length],
        OnnxElementType.Int64 => new long[length],
        OnnxElementType.Int32 => new int[length],
        OnnxElementType.Bool => new bool[length],
        OnnxElementType.String => new string[length],
        _ => throw new UnfitRowException("models.input_type", type.ToString()),
    };

    private static void SetMissing(Array buffer, int index, ContractFeature feature, long row)
    {
        if (!feature.Nullable)
            throw new UnfitRowException("models.row_null", Text(row), feature.Name);
        if (buffer is float[] floats)
            floats[index] = float.NaN;
        else
            ((double[])buffer)[index] = double.NaN;
    }

    private static void Set(Array buffer, int index, DuckDbReader reader, int column, ContractFeature feature, long row)
    {
        var type = reader.Columns[column].Type;
        switch (buffer)
        {
            case float[] floats:
                floats[index] = (float)Number(reader, column, type, feature, row);
                break;
            case double[] doubles:
                doubles[index] = Number(reader, column, type, feature, row);
                break;
            case long[] longs:
                longs[index] = Whole(reader, column, type, feature, row);
                break;
            case int[] ints:
                ints[index] = Whole(reader, column, type, feature, row) is >= int.MinValue and <= int.MaxValue and var value
                    ? (int)value
                    : throw new UnfitRowException("models.row_type", Text(row), feature.Name, "int32");
                break;
            case bool[] bools when type == DuckDbType.Boolean:
                bools[index] = reader.GetBoolean(column);
                break;
            case string[] strings when type == DuckDbType.Varchar:
                strings[index] = reader.GetString(column);
                break;
            case string[] strings when IsWhole(type):
                strings[index] = reader.GetInt64(column).ToString(CultureInfo.InvariantCulture);
                break;
            default:
                throw new UnfitRowException("models.row_type", Text(row), feature.Name, feature.Type.ToString());
        }
    }

    private static double Number(DuckDbReader reader, int column, DuckDbType type, ContractFeature feature, long row) =>
        type == DuckDbType.Boolean ? (reader.GetBoolean(column) ? 1 : 0)
        : IsNumber(type) ? reader.GetDouble(column)
        : throw new UnfitRowException("models.row_type", Text(row), feature.Name, feature.Type.ToString());

    private static long Whole(DuckDbReader reader, int column, DuckDbType type, ContractFeature feature, long row)
    {
        if (IsWhole(type))
            return reader.GetInt64(column);
        var value = Number(reader, column, type, feature, row);
        return Math.Floor(value).Equals(value) && Math.Abs(value) <= 1L << 53 ? (long)value : throw new UnfitRowException("models.row_type", Text(row), feature.Name, feature.Type.ToString());
    }

    internal static bool IsWhole(DuckDbType type) => type is DuckDbType.TinyInt or DuckDbType.SmallInt or DuckDbType.Integer or DuckDbType.BigInt
        or DuckDbType.UTinyInt or DuckDbType.USmallInt or DuckDbType.UInteger;

    internal static bool IsNumber(DuckDbType type) => IsWhole(type) || type is DuckDbType.Float or DuckDbType.Double or DuckDbType.Decimal or DuckDbType.HugeInt or DuckDbType.UBigInt;

    private static string Text(long row) => row.ToString(CultureInfo.InvariantCulture);
}
