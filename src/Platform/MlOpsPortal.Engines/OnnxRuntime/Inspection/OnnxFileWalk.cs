using System.Globalization;
using System.Runtime.InteropServices;

namespace MlOpsPortal.Engines.OnnxRuntime;

/// <summary>One walk over a model's protobuf. Field numbers are those of onnx.proto; a field that is not named here is skipped by its length.</summary>
internal sealed partial class OnnxFileWalk
{
    private const int MaxFaultsOfACode = 10;
    private const int MaxTypeDepth = 8;
    private const int MaxTextBytes = 65_536;
    private const int MaxNamesPerNode = 10_000;
    private const int MaxTensors = 100_000;
    private const int MaxNames = 1_000_000;
    private const int MaxMetadata = 100;
    private const int MetadataLength = 4_096;

    private readonly List<OnnxFault> _faults = [];
    private readonly Dictionary<string, long> _opsets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _operators = new(StringComparer.Ordinal);
    private readonly HashSet<string> _domains = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly List<OnnxValueInfo> _inputs = [];
    private readonly List<OnnxValueInfo> _outputs = [];
    private string _producer = "";
    private string _producerVersion = "";
    private long _irVersion;
    private long _parameterBytes;
    private int _nodes;
    private int _tensors;
    private int _names;
    private bool _hasGraph;

    internal void Model(ReadOnlySpan<byte> model)
    {
        var reader = new ProtoReader(model, 0);
        while (reader.Next())
        {
            if (reader.Field is 1 or 2 or 3 or 4 or 5 or 7 && reader.Again())
                Fault(OnnxFaultCode.Duplicate, "model", $"field {reader.Field} stands twice");
            switch (reader.Field)
            {
                case 1:
                    _irVersion = (long)reader.RequireNumber();
                    break;
                case 2:
                    _producer = Name(reader, "producer");
                    break;
                case 3:
                    _producerVersion = Name(reader, "producer version");
                    break;
                case 7:
                    _hasGraph = true;
                    Graph(reader.Message(), "graph", 0, null);
                    break;
                case 8:
                    Opset(reader.Message());
                    break;
                case 14:
                    Metadata(reader.Message());
                    break;
                case 20:
                    Fault(OnnxFaultCode.Training, "model", "training information; export the model for inference");
                    break;
                case 25:
                    Fault(OnnxFaultCode.Functions, "model", "local functions; export the model with functions inlined");
                    break;
            }
        }

        CheckModel();
    }

    internal OnnxInspectionResult Result() => new(
        _hasGraph
            ? new(_irVersion, _producer, _producerVersion, _opsets, _inputs, _outputs, _nodes, _operators, _parameterBytes, _metadata)
            : null,
        _faults);

    /// <summary>Bytes that begin as ONNX and stop early are named so; others are no ONNX at all.</summary>
    internal OnnxFault Broken(ProtoFormatException broken)
    {
        var where = string.Create(CultureInfo.InvariantCulture, $"byte {broken.Offset}");
        if (_irVersion is < 1 or > 100)
            return new(OnnxFaultCode.NotOnnx, where, "the bytes are no ONNX model");
        return broken.Truncated
            ? new(OnnxFaultCode.Truncated, where, $"the file ends too early or a size in it is wrong: {broken.Message}")
            : new(OnnxFaultCode.Malformed, where, broken.Message);
    }

    private void CheckModel()
    {
        if (!_hasGraph || _irVersion is < 1 or > 100)
        {
            _faults.Clear();
            _hasGraph = false;
            Fault(OnnxFaultCode.NotOnnx, "file", "the bytes are no ONNX model");
            return;
        }

        foreach (var domain in _domains.Where(domain => !_opsets.ContainsKey(domain)))
            Fault(OnnxFaultCode.Opset, "model", $"operators of {OnnxDomains.Shown(domain)} are used, but no version of them is named");
        foreach (var (domain, version) in _opsets)
        {
            var highest = domain == OnnxDomains.MachineLearning ? OnnxInspection.MaxMlOpset : OnnxInspection.MaxOpset;
            if (OnnxDomains.Allowed(domain) && (version < 1 || version > highest))
                Fault(OnnxFaultCode.Opset, "model", $"operator set {OnnxDomains.Shown(domain)} {version}; up to {highest} are supported");
        }
    }

    private void Opset(ProtoReader reader)
    {
        var (domain, version) = ("", 0L);
        while (reader.Next())
        {
            if (reader.Field == 1)
                domain = Name(reader, "operator set");
            else if (reader.Field == 2)
                version = (long)reader.RequireNumber();
        }

        domain = domain == "ai.onnx" ? "" : domain;
        if (_opsets.Count >= 64 || !(_opsets.TryAdd(domain, version) || _opsets[domain] == version))
            Fault(OnnxFaultCode.Duplicate, "model", $"operator set {OnnxDomains.Shown(domain)} is named twice with different versions");
    }

    private void Metadata(ProtoReader reader)
    {
        var (key, value) = ("", "");
        while (reader.Next())
        {
            if (reader.Field == 1)
                key = Name(reader, "metadata");
            else if (reader.Field == 2)
                value = System.Text.Encoding.UTF8.GetString(reader.RequireBytes()[..Math.Min(reader.Bytes.Length, MetadataLength)]);
        }

        if (_metadata.Count < MaxMetadata)
            _metadata[key] = value;
    }

    /// <summary>Constants come first: an initializer may stand behind the node that reads it.</summary>
    private void Graph(ProtoReader graph, string where, int depth, OnnxConstants? outer)
    {
        if (depth > OnnxInspection.MaxSubgraphDepth)
        {
            Fault(OnnxFaultCode.SubgraphDepth, where, $"subgraphs inside each other more than {OnnxInspection.MaxSubgraphDepth} deep");
            return;
        }

        var constants = new OnnxConstants(outer);
        var first = graph;
        while (first.Next())
        {
            switch (first.Field)
            {
                case 5:
                    if (++_tensors > MaxTensors)
                        throw new ProtoFormatException(first.Origin, $"more than {MaxTensors} tensors");
                    var (name, value) = Tensor(first.Message(), $"{where}/initializer");
                    constants.Add(name, value);
                    constants.Define(name);
                    break;
                case 15:
                    Fault(OnnxFaultCode.SparseTensor, where, "a sparse initializer");
                    break;
                case 11:
                    var input = ValueInfo(first.Message());
                    constants.Define(input.Name);
                    if (depth == 0)
                        AddValue(_inputs, input);
                    break;
                case 12 when depth == 0:
                    AddValue(_outputs, ValueInfo(first.Message()));
                    break;
                case 13 or 12:
                    _ = ValueInfo(first.Message());
                    break;
            }
        }

        while (graph.Next())
        {
            if (graph.Field is 2 or 10 && graph.Again())
                Fault(OnnxFaultCode.Duplicate, where, $"field {graph.Field} stands twice");
            if (graph.Field == 1 && !Node(graph.Message(), where, depth, constants))
                return;
        }
    }

    private void AddValue(List<OnnxValueInfo> values, OnnxValueInfo value)
    {
        if (values.Count < MaxNamesPerNode)
            values.Add(value);
        else if (values.Count == MaxNamesPerNode)
            Fault(OnnxFaultCode.TooManyValues, "graph", $"more than {MaxNamesPerNode} inputs or outputs");
    }

    private bool Node(ProtoReader reader, string graph, int depth, OnnxConstants constants)
    {
        if (++_nodes > OnnxInspection.MaxNodes)
        {
            if (_nodes == OnnxInspection.MaxNodes + 1)
                Fault(OnnxFaultCode.TooManyNodes, graph, $"more than {OnnxInspection.MaxNodes} nodes");
            return false;
        }

        var (name, operation, domain) = ("", "", "");
        var inputs = new List<string>();
        var outputs = new List<string>();
        var scan = reader;
        while (scan.Next())
        {
            if (scan.Field is 3 or 4 or 7 && scan.Again())
                Fault(OnnxFaultCode.Duplicate, graph, $"a node's field {scan.Field} stands twice");
            switch (scan.Field)
            {
                case 1 or 2:
                    var names = scan.Field == 1 ? inputs : outputs;
                    if (names.Count >= MaxNamesPerNode)
                        throw new ProtoFormatException(scan.Origin, $"a node with more than {MaxNamesPerNode} inputs or outputs");
                    names.Add(Name(scan, graph));
                    break;
                case 3:
                    name = Name(scan, graph);
                    break;
                case 4:
                    operation = Name(scan, graph);
                    break;
                case 7:
                    domain = Name(scan, graph);
                    break;
            }
        }

        domain = domain == "ai.onnx" ? "" : domain;
        var shown = domain.Length == 0 ? operation : $"{domain}.{operation}";
        var where = $"{graph}/{(name.Length > 0 ? name : outputs.FirstOrDefault("?"))}({shown})";
        Count(shown, domain, where);
        CheckOrder(inputs, where, constants);
        OnnxConstants.Value? constant = null;
        while (reader.Next())
        {
            if (reader.Field == 5 && Attribute(reader.Message(), where, operation, depth, constants) is { } made)
                constant = made;
        }

        CheckSize(constants.Of(operation, inputs, constant), outputs, where, constants);
        if ((_names += outputs.Count) > MaxNames)
            throw new ProtoFormatException(0, $"more than {MaxNames} values");
        outputs.ForEach(constants.Define);
        return true;
    }

    /// <summary>The format wants nodes sorted. A runtime that sorts them itself would see constants that this walk, in file order, does not.</summary>
    private void CheckOrder(List<string> inputs, string where, OnnxConstants constants)
    {
        if (inputs.Find(input => input.Length > 0 && !constants.IsDefined(input)) is { } unknown)
            Fault(OnnxFaultCode.NodeOrder, where, $"it reads '{unknown}', which nothing before it gives");
    }

    private void Count(string shown, string domain, string where)
    {
        if (_operators.Count < 1_000 || _operators.ContainsKey(shown))
            CollectionsMarshal.GetValueRefOrAddDefault(_operators, shown, out _)++;
        if (OnnxDomains.Allowed(domain))
            _domains.Add(domain);
        else
            Fault(OnnxFaultCode.Domain, where, $"operator {shown}; only those of ai.onnx and ai.onnx.ml are run");
    }

    private void CheckSize(OnnxConstants.Value? size, List<string> outputs, string where, OnnxConstants constants)
    {
        if (size is not { } value)
            return;
        if (value.Count < 0 || value.Count > OnnxInspection.MaxConstantElements)
        {
            var found = value.Count < 0 ? "of a size that cannot be told" : $"of {value.Count.ToString(CultureInfo.InvariantCulture)} elements or more";
            Fault(OnnxFaultCode.ConstantSize, where, $"a constant {found}; at most {OnnxInspection.MaxConstantElements} are taken");
        }

        foreach (var output in outputs)
            constants.Add(output, value);
    }

    private string Name(ProtoReader reader, string where)
    {
        if (reader.RequireBytes().Length <= OnnxInspection.MaxNameLength)
            return reader.Text();
        Fault(OnnxFaultCode.NameTooLong, where, $"a name of {reader.Bytes.Length} bytes; at most {OnnxInspection.MaxNameLength} are taken");
        return "";
    }

    private void Fault(string code, string where, string detail)
    {
        if (_faults.Count(fault => fault.Code == code) < MaxFaultsOfACode)
            _faults.Add(new(code, where.Length <= 1_000 ? where : where[..1_000], detail));
    }
}
