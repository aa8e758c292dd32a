using System.Text;
using MlOpsPortal.Engines.Tests.OnnxRuntime;

namespace MlOpsPortal.Models.Tests.Admission;

/// <summary>What people upload by mistake or by malice.</summary>
internal static class HostileFile
{
    private const int Int = 2, Tensor = 4, Graph = 5;

    public static byte[] Random() => Encoding.ASCII.GetBytes("this is no model, but a sentence");

    public static byte[] Pickle() => [0x80, 4, 0x95, .. "sklearn.linear_model"u8];

    public static byte[] Gzip() => [0x1f, 0x8b, 8, 0, .. Random()];

    public static byte[] Zip() => [.. "PK\x03\x04"u8, .. Random()];

    public static byte[] Html() => Encoding.UTF8.GetBytes("<!DOCTYPE html><html><body>Sign in</body></html>");

    /// <summary>The weights are said to stand in another file.</summary>
    public static byte[] ExternalData() => OnnxBytes.Model(OnnxBytes.Graph(OnnxBytes.Node("Add", ["x", "w"], ["y"]))
        .Message(5, new OnnxBytes().Number(1, 1).Number(2, 1).Text(8, "w")
            .Message(13, new OnnxBytes().Text(1, "location").Text(2, "../../secret")).Number(14, 1))).ToArray();

    /// <summary>A constant of five thousand million floats.</summary>
    public static byte[] TwentyGigabytes() => OnnxBytes.Model(OnnxBytes.Graph(
            OnnxBytes.Node("ConstantOfShape", ["shape"], ["big"]), OnnxBytes.Node("ReduceSum", ["big"], ["total"]), OnnxBytes.Node("Add", ["x", "total"], ["y"]))
        .Message(5, OnnxBytes.Int64Tensor("shape", 5_000_000_000))).ToArray();

    /// <summary>The same, with a shape that is only known when it runs: no inspection sees it.</summary>
    public static byte[] TwentyGigabytesAtRunTime() => OnnxBytes.Model(OnnxBytes.Graph(
            OnnxBytes.Node("Shape", ["x"], ["rows"]), OnnxBytes.Node("Mul", ["rows", "many"], ["shape"]), OnnxBytes.Node("ConstantOfShape", ["shape"], ["big"]),
            OnnxBytes.Node("ReduceSum", ["big"], ["total"]), OnnxBytes.Node("Add", ["x", "total"], ["y"]))
        .Message(5, OnnxBytes.Int64Tensor("many", 70_000, 25_000))).ToArray();

    /// <summary>A loop whose condition stays true, counted to 2^62.</summary>
    public static byte[] Endless()
    {
        var body = new OnnxBytes()
            .Message(1, OnnxBytes.Node("Identity", ["going"], ["goes_on"]))
            .Message(1, OnnxBytes.Node("Add", ["sum", "sum"], ["sum_out"]))
            .Text(2, "body")
            .Message(11, Scalar("count", 7)).Message(11, Scalar("going", 9)).Message(11, OnnxBytes.Value("sum"))
            .Message(12, Scalar("goes_on", 9)).Message(12, OnnxBytes.Value("sum_out"));
        return OnnxBytes.Model(OnnxBytes.Graph(
                OnnxBytes.Node("Constant", [], ["most"], OnnxBytes.Attribute("value_int", Int, attribute => attribute.Number(3, 1L << 62))),
                OnnxBytes.Node("Constant", [], ["yes"], OnnxBytes.Attribute("value", Tensor, attribute => attribute.Message(5, new OnnxBytes().Number(2, 9).Bytes(9, [1])))),
                OnnxBytes.Node("Loop", ["most", "yes", "x"], ["y"], OnnxBytes.Attribute("body", Graph, attribute => attribute.Message(6, body)))))
            .ToArray();
    }

    private static OnnxBytes Scalar(string name, int type) =>
        new OnnxBytes().Text(1, name).Message(2, new OnnxBytes().Message(1, new OnnxBytes().Number(1, type).Message(2, new OnnxBytes())));
}
