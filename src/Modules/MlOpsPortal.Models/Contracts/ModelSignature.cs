using System.Collections.Immutable;
using MlOpsPortal.Engines.OnnxRuntime;

namespace MlOpsPortal.Models.Contracts;

/// <summary>What an admitted file says of itself, and what a trial run of a few rows showed.</summary>
/// <param name="Opsets">By operator domain: <c>ai.onnx</c> → 19.</param>
/// <param name="Producer">"skl2onnx 1.20.0"; empty when the file does not say.</param>
public sealed record ModelSignature(
    ImmutableArray<ModelValue> Inputs, ImmutableArray<ModelValue> Outputs, ImmutableSortedDictionary<string, long> Opsets, string Producer, long Bytes, string Sha256)
{
    /// <summary>Milliseconds from the child's start to its verdict.</summary>
    public double AdmittedInMs { get; init; }

    public ModelValue? Input(string name) => Inputs.FirstOrDefault(input => input.Name == name);

    public ModelValue? Output(string name) => Outputs.FirstOrDefault(output => output.Name == name);
}

/// <summary>One input or output.</summary>
/// <param name="Shape">-1 where the file leaves it open (usually the number of rows).</param>
/// <param name="Width">Values per row: of an input as declared, of an output as the trial run showed.</param>
/// <param name="Keys">Classes of a ZipMap (a sequence of maps), in the model's order; empty otherwise.</param>
public sealed record ModelValue(string Name, OnnxValueKind Kind, OnnxElementType Type, ImmutableArray<long> Shape, int Width, ImmutableArray<string> Keys)
{
    /// <summary>"float [n,30]", as pages show it.</summary>
    public string Describe() => Kind == OnnxValueKind.SequenceOfMaps
        ? "ZipMap"
        : $"{Type.ToString().ToLowerInvariant()} [{string.Join(',', Shape.Select((dimension, index) => dimension >= 0 ? dimension.ToString(System.Globalization.CultureInfo.InvariantCulture) : index == 0 ? "n" : "?"))}]";
}
