namespace MlOpsPortal.Engines.OnnxRuntime;

/// <summary>
/// Bounds what a runtime would compute from constants alone, at load: sizes of values that depend on no input, and the numbers in the small ones,
/// because shapes are made of them. A constant whose size cannot be bounded counts as too large.
/// </summary>
internal sealed class OnnxConstants(OnnxConstants? outer)
{
    /// <summary>Elements, and the integers themselves where they are few.</summary>
    internal readonly record struct Value(Int128 Count, long[]? Integers);

    private const int FewIntegers = 64;

    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _defined = new(StringComparer.Ordinal);

    internal void Add(string name, Value value)
    {
        if (name.Length > 0)
            _values[name] = value with { Integers = value.Integers is { Length: <= FewIntegers } few ? few : null };
    }

    /// <summary>A name that holds a value from here on, constant or not.</summary>
    internal void Define(string name) => _defined.Add(name);

    internal bool IsDefined(string name) => _defined.Contains(name) || (outer?.IsDefined(name) ?? false);

    internal Value? Find(string name) => _values.TryGetValue(name, out var value) ? value : outer?.Find(name);

    /// <summary>The size of a node's outputs when all its inputs are constant; null when one is not; -1 when nothing bounds it.</summary>
    internal Value? Of(string operation, IReadOnlyList<string> inputs, Value? constant)
    {
        if (constant is not null)
            return constant;
        var known = new List<Value>();
        foreach (var input in inputs)
        {
            if (input.Length == 0)
                continue;
            if (Find(input) is not { } value)
                return SizedByConstant(operation, inputs);
            known.Add(value);
        }

        if (known.Count == 0)
            return null;
        return operation switch
        {
            "Identity" or "Cast" or "Reshape" or "Squeeze" or "Unsqueeze" or "Flatten" or "Transpose" => known[0],
            "Shape" or "Size" => new(FewIntegers, null),
            "ConstantOfShape" => new(Product(known[0].Integers), null),
            "Expand" => new(Times(known[0].Count, Product(known.Count > 1 ? known[1].Integers : null)), null),
            "Tile" => new(Times(known[0].Count, Product(known.Count > 1 ? known[1].Integers : null)), null),
            "Concat" => new(Sum(known), Joined(known)),
            "Gather" or "GatherElements" or "GatherND" => new(Times(known[0].Count, known[^1].Count), null),
            "Slice" or "ReduceSum" or "ReduceProd" or "ReduceMax" or "ReduceMin" or "ReduceMean" or "TopK" or "Split" => new(known[0].Count, null),
            "Range" => new(Steps(known), null),
            "Add" or "Sub" or "Mul" or "Div" => new(Broadcast(known), Arithmetic(operation, known)),
            "Pow" or "MatMul" or "Gemm" or "And" or "Or" or "Xor" or "Equal" or "Greater" or "Less" or "GreaterOrEqual" or "LessOrEqual" or "Where" or "Min"
                or "Max" or "Mod" => new(Broadcast(known), null),
            _ when known.Count == 1 && OnnxOperators.KeepTheirSize.Contains(operation) => new(known[0].Count, null),
            _ => new(-1, null),
        };
    }

    /// <summary>Operators that blow up an input by a constant: ConstantOfShape has no other input, the others are bounded by rows at run time.</summary>
    private Value? SizedByConstant(string operation, IReadOnlyList<string> inputs) =>
        operation is "Expand" or "Tile" && inputs.Count > 1 && Find(inputs[1]) is { Integers: { } integers } && Product(integers) is var factor
            && (factor < 0 || factor > OnnxInspection.MaxConstantElements)
            ? new(factor, null)
            : null;

    private static Int128 Product(long[]? dimensions)
    {
        if (dimensions is null)
            return -1;
        Int128 product = 1;
        foreach (var dimension in dimensions)
            product = dimension < 0 ? -1 : Times(product, dimension);
        return product;
    }

    /// <summary>Saturates far above every cap; -1 stays unknown.</summary>
    private static Int128 Times(Int128 left, Int128 right) => left < 0 || right < 0 ? -1 : Int128.Min(left, 1L << 50) * Int128.Min(right, 1L << 50);

    private static Int128 Sum(List<Value> values) =>
        values.Exists(value => value.Count < 0) ? -1 : values.Aggregate(Int128.Zero, (sum, value) => sum + value.Count);

    private static Int128 Broadcast(List<Value> values) => values.Aggregate(Int128.One, (product, value) => Times(product, Int128.Max(value.Count, 1)));

    private static Int128 Steps(List<Value> values) =>
        values is [{ Integers: [var start] }, { Integers: [var limit] }, { Integers: [var step] }] && step != 0
            ? Int128.Max(0, ((Int128)limit - start) / step) + 1
            : -1;

    private static long[]? Joined(List<Value> values) =>
        values.TrueForAll(value => value.Integers is not null) && Sum(values) <= FewIntegers ? [.. values.SelectMany(value => value.Integers ?? [])] : null;

    private static long[]? Arithmetic(string operation, List<Value> values)
    {
        if (values is not [{ Integers: { Length: > 0 } left }, { Integers: { Length: > 0 } right }])
            return null;
        if (left.Length != right.Length && left.Length != 1 && right.Length != 1)
            return null;
        var result = new long[Math.Max(left.Length, right.Length)];
        for (var i = 0; i < result.Length; i++)
        {
            var (a, b) = ((Int128)left[left.Length == 1 ? 0 : i], (Int128)right[right.Length == 1 ? 0 : i]);
            var exact = operation switch
            {
                "Add" => a + b,
                "Sub" => a - b,
                "Mul" => a * b,
                _ => b == 0 ? 0 : a / b,
            };
            result[i] = (long)Int128.Clamp(exact, long.MinValue, long.MaxValue);
        }

        return result;
    }
}

/// <summary>Operators of one input whose output is as large as it.</summary>
internal static class OnnxOperators
{
    internal static readonly HashSet<string> KeepTheirSize = new(StringComparer.Ordinal)
    {
        "Abs", "Ceil", "Cos", "Dropout", "Erf", "Exp", "Floor", "HardSigmoid", "IsInf", "IsNaN", "LeakyRelu", "Log", "Neg", "Not", "Reciprocal", "Relu",
        "Round", "Sigmoid", "Sign", "Sin", "Softmax", "Softplus", "Sqrt", "Tanh", "Normalizer", "Scaler", "LabelEncoder", "Binarizer", "Imputer",
    };

    /// <summary>Sized by an attribute or drawn at random; a model that scores rows has no use for them without an input.</summary>
    internal static readonly HashSet<string> Generators = new(StringComparer.Ordinal) { "RandomNormal", "RandomUniform" };
}
