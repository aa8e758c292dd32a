using System.Buffers.Binary;
using MlOpsPortal.Engines.Tests.OnnxRuntime;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Deployments.Tests;

/// <summary>Model files crafted for one purpose each. Where not said otherwise: input x and output y, float [n, 1].</summary>
internal static class TestModels
{
    private const int Float = 1;
    private const int Int64 = 7;
    private const int Text = 8;
    private const int Bool = 9;
    private const int IntAttribute = 2;
    private const int TensorAttribute = 4;
    private const int GraphAttribute = 5;

    public static ModelContract Contract { get; } =
        new(MlTask.Regression, "target", null, new ContractOutput("y", 0, null), [new ContractFeature("x", FeatureType.Number, false, "x", 0)], null);

    /// <summary>Answers x + the constant: who answered can be read off.</summary>
    public static TestModel Adding(float constant)
    {
        var raw = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(raw, constant);
        var initializer = new OnnxBytes().Number(1, 1).Number(2, Float).Text(8, "c").Bytes(9, raw);
        var graph = OnnxBytes.Graph(OnnxBytes.Node("Add", ["x", "c"], ["y"])).Message(5, initializer);
        return TestModel.Of(OnnxBytes.Model(graph).ToArray(), Contract);
    }

    /// <summary>Four inputs of four types; answers the number "radius".</summary>
    public static byte[] Mixed() => OnnxBytes.Model(new OnnxBytes()
        .Message(1, OnnxBytes.Node("Identity", ["radius"], ["answer"]))
        .Text(2, "g")
        .Message(11, OnnxBytes.Value("radius"))
        .Message(11, OnnxBytes.Value("count", Int64))
        .Message(11, OnnxBytes.Value("town", Text))
        .Message(11, OnnxBytes.Value("member", Bool))
        .Message(12, OnnxBytes.Value("answer"))).ToArray();

    /// <summary>Goes round its loop as often as x says.</summary>
    public static TestModel Looping()
    {
        var body = new OnnxBytes()
            .Message(1, OnnxBytes.Node("Identity", ["more"], ["more_out"])).Message(1, OnnxBytes.Node("Identity", ["v"], ["v_out"])).Text(2, "body")
            .Message(11, OnnxBytes.Value("turn", Int64, rank: 0)).Message(11, OnnxBytes.Value("more", Bool, rank: 0)).Message(11, OnnxBytes.Value("v"))
            .Message(12, OnnxBytes.Value("more_out", Bool, rank: 0)).Message(12, OnnxBytes.Value("v_out"));
        var always = new OnnxBytes().Number(2, Bool).Text(8, "always").Bytes(9, [1]);
        var graph = OnnxBytes.Graph(
            OnnxBytes.Node("ReduceSum", ["x"], ["sum"], OnnxBytes.Attribute("keepdims", IntAttribute, attribute => attribute.Number(3, 0))),
            OnnxBytes.Node("Cast", ["sum"], ["turns"], OnnxBytes.Attribute("to", IntAttribute, attribute => attribute.Number(3, Int64))),
            OnnxBytes.Node("Loop", ["turns", "always", "x"], ["y"], OnnxBytes.Attribute("body", GraphAttribute, attribute => attribute.Message(6, body)))).Message(5, always);
        return TestModel.Of(OnnxBytes.Model(graph).ToArray(), Contract);
    }

    /// <summary>Asks for 16 TiB as it is loaded, to add them to x.</summary>
    public static TestModel Hoarding()
    {
        var graph = OnnxBytes.Graph(
            OnnxBytes.Node("Constant", [], ["shape"], OnnxBytes.Attribute("value", TensorAttribute, attribute => attribute.Message(5, OnnxBytes.Int64Tensor("t", 1L << 42)))),
            OnnxBytes.Node("ConstantOfShape", ["shape"], ["huge"]),
            OnnxBytes.Node("ReduceSum", ["huge"], ["sum"]),
            OnnxBytes.Node("Add", ["x", "sum"], ["y"]));
        return TestModel.Of(OnnxBytes.Model(graph).ToArray(), Contract);
    }
}
