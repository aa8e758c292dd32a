namespace MlOpsPortal.Engines.OnnxRuntime;

/// <summary>
/// What a model file says of itself, read without loading it. Everything in it is the author's claim. Opsets: version by domain, "" is the standard one.
/// Operators: how often each is used, subgraphs included, as "ai.onnx.ml.ZipMap" for other domains than the standard one. ParameterBytes: tensors and
/// number lists. Metadata: at most 100 properties, each value cut at 4,096 bytes.
/// </summary>
public sealed record OnnxFileReport(
    long IrVersion,
    string Producer,
    string ProducerVersion,
    IReadOnlyDictionary<string, long> Opsets,
    IReadOnlyList<OnnxValueInfo> Inputs,
    IReadOnlyList<OnnxValueInfo> Outputs,
    int NodeCount,
    IReadOnlyDictionary<string, int> Operators,
    long ParameterBytes,
    IReadOnlyDictionary<string, string> Metadata);

/// <summary>A reason to refuse a file.</summary>
/// <param name="Code">One of <see cref="OnnxFaultCode"/>, stable.</param>
/// <param name="Where">The place in the file: node and attribute by name, or a byte offset.</param>
/// <param name="Detail">What was found there, in English.</param>
public sealed record OnnxFault(string Code, string Where, string Detail);

/// <summary>What an inspection found.</summary>
/// <param name="Report">Null when the bytes are no readable ONNX.</param>
/// <param name="Faults">Every reason found, at most ten of a code; empty means that the file may be loaded in a limited child process.</param>
public sealed record OnnxInspectionResult(OnnxFileReport? Report, IReadOnlyList<OnnxFault> Faults)
{
    public bool IsAcceptable => Report is not null && Faults.Count == 0;
}

/// <summary>Codes of <see cref="OnnxFault"/>.</summary>
public static class OnnxFaultCode
{
    public const string Empty = "onnx.empty";
    public const string TooLarge = "onnx.too_large";
    public const string Truncated = "onnx.truncated";
    public const string Malformed = "onnx.malformed";
    public const string NotOnnx = "onnx.not_onnx";
    public const string Pickle = "onnx.is_pickle";
    public const string Gzip = "onnx.is_gzip";
    public const string Zip = "onnx.is_zip";
    public const string Hdf5 = "onnx.is_hdf5";
    public const string Html = "onnx.is_html";
    public const string Xml = "onnx.is_xml";
    public const string Json = "onnx.is_json";
    public const string Parquet = "onnx.is_parquet";
    public const string LfsPointer = "onnx.is_lfs_pointer";
    public const string ExternalData = "onnx.external_data";
    public const string SparseTensor = "onnx.sparse_tensor";
    public const string Functions = "onnx.functions";
    public const string Training = "onnx.training_info";
    public const string Domain = "onnx.operator_domain";
    public const string Opset = "onnx.opset";
    public const string ConstantSize = "onnx.constant_size";
    public const string TensorSize = "onnx.tensor_size";
    public const string SubgraphDepth = "onnx.subgraph_depth";
    public const string TooManyNodes = "onnx.too_many_nodes";
    public const string TooManyValues = "onnx.too_many_values";
    public const string NameTooLong = "onnx.name_too_long";
    public const string Duplicate = "onnx.duplicate_field";
    public const string NodeOrder = "onnx.node_order";
    public const string TypeDepth = "onnx.type_depth";
}
