namespace MlOpsPortal.Engines.OnnxRuntime;

/// <summary>Whose operators are run.</summary>
internal static class OnnxDomains
{
    internal const string MachineLearning = "ai.onnx.ml";

    internal static bool Allowed(string domain) => domain is "" or "ai.onnx" or MachineLearning;

    internal static string Shown(string domain) => domain.Length == 0 ? "ai.onnx" : domain;
}
