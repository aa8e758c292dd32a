namespace MlOpsPortal.Engines.OnnxRuntime;

/// <summary>Element types, numbered as in the ONNX format and in ONNX Runtime's C interface (they agree).</summary>
public enum OnnxElementType
{
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
    Complex64 = 14,
    Complex128 = 15,
    BFloat16 = 16,
}

public enum OnnxValueKind
{
    Unknown,
    Tensor,

    /// <summary>What a ZipMap gives: for each row a map from class to probability.</summary>
    SequenceOfMaps,
    Sequence,
    Map,
    SparseTensor,
    Optional,
    Opaque,
}

/// <summary>An input or output of a model.</summary>
/// <param name="Name">As the file spells it.</param>
/// <param name="Kind">Tensor or otherwise.</param>
/// <param name="ElementType">Of a tensor's elements, or of the values of a sequence of maps.</param>
/// <param name="Shape">Of a tensor; -1 where the file leaves it open (usually the number of rows).</param>
/// <param name="KeyType">Of a sequence of maps: Int64 or String.</param>
public sealed record OnnxValueInfo(
    string Name, OnnxValueKind Kind, OnnxElementType ElementType, IReadOnlyList<long> Shape, OnnxElementType KeyType = OnnxElementType.Undefined);
