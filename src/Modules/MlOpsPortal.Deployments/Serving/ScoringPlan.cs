using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Deployments.Serving;

/// <summary>A contract made ready for the request path: features with the place that each takes in the file's inputs, and where the answer stands.</summary>
internal sealed class ScoringPlan
{
    private readonly FrozenDictionary<string, int> byName;
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> bySpan;

    private ScoringPlan(ModelContract contract, ImmutableArray<PlannedFeature> features, ImmutableArray<PlannedInput> inputs)
    {
        (Contract, Features, Inputs) = (contract, features, inputs);
        byName = features.ToFrozenDictionary(feature => feature.Name, feature => feature.Index, StringComparer.Ordinal);
        bySpan = byName.GetAlternateLookup<ReadOnlySpan<char>>();
        IsBinary = contract.Task == MlTask.Binary;
        Threshold = contract.Threshold ?? 0.5;
        Positive = contract.PositiveClass ?? "";
        Negative = Opposite(Positive);
    }

    public ModelContract Contract { get; }

    public ImmutableArray<PlannedFeature> Features { get; }

    /// <summary>The file's inputs, in its order.</summary>
    public ImmutableArray<PlannedInput> Inputs { get; }

    /// <summary>A binary answer is a probability with a label; every other is a value.</summary>
    public bool IsBinary { get; }

    /// <summary>A probability at or above it is decided positive.</summary>
    public double Threshold { get; }

    public string Positive { get; }

    public string Negative { get; }

    /// <returns>-1 when the contract has no such feature.</returns>
    public int Find(ReadOnlySpan<char> name) => bySpan.TryGetValue(name, out var index) ? index : -1;

    /// <returns>Null when the file has no such input.</returns>
    public PlannedInput? FindInput(string name)
    {
        foreach (var input in Inputs)
            if (input.Name == name)
                return input;
        return null;
    }

    /// <summary>Joins contract and file.</summary>
    /// <exception cref="SignatureException">They do not fit each other.</exception>
    public static ScoringPlan Join(ModelContract contract, OnnxSession session)
    {
        var inputs = session.Inputs.Select((input, index) => PlannedInput.Of(input, index)).ToImmutableArray();
        var features = contract.Features.Select((feature, index) => PlannedFeature.Of(feature, index, inputs)).ToImmutableArray();
        foreach (var input in inputs)
        {
            foreach (var feature in features.Where(feature => feature.Input == input.Index))
                input.Feed(feature);
            if (input.Features.Contains(-1))
                throw new SignatureException($"No feature feeds column {input.Features.IndexOf(-1)} of input '{input.Name}'.");
        }

        if (session.Outputs.All(output => output.Name != contract.Output.Name))
            throw new SignatureException($"The file has no output '{contract.Output.Name}'.");
        return new ScoringPlan(contract, features, inputs);
    }

    /// <summary>What is not the positive class, in its words where they come in pairs.</summary>
    private static string Opposite(string positive) => positive switch
    {
        "1" => "0",
        "true" => "false",
        "True" => "False",
        "yes" => "no",
        "Yes" => "No",
        _ => "not " + positive,
    };
}

/// <summary>Contract and file do not fit each other; the message says where.</summary>
internal sealed class SignatureException(string message) : Exception(message);

/// <param name="Input">Position of the file's input.</param>
/// <param name="Element">What the input holds.</param>
/// <param name="Column">Within the input.</param>
internal sealed record PlannedFeature(
    int Index, string Name, FeatureType Type, bool Nullable, int Input, OnnxElementType Element, int Column, ImmutableArray<byte> Utf8Name, JsonEncodedText JsonName)
{
    public bool IsReal => Element is OnnxElementType.Float or OnnxElementType.Double;

    public static PlannedFeature Of(ContractFeature feature, int index, ImmutableArray<PlannedInput> inputs)
    {
        var input = inputs.FirstOrDefault(candidate => candidate.Name == feature.Input)
            ?? throw new SignatureException($"Feature '{feature.Name}' goes to input '{feature.Input}', which the file does not have.");
        if (feature.Position < 0 || feature.Position >= input.Width)
            throw new SignatureException($"Feature '{feature.Name}' goes to column {feature.Position} of input '{feature.Input}', which has {input.Width}.");
        if (!Fits(feature.Type, input.Element))
            throw new SignatureException($"Feature '{feature.Name}' is {feature.Type}, input '{feature.Input}' holds {input.Element}.");
        if (feature.Nullable && input.Element is not (OnnxElementType.Float or OnnxElementType.Double))
            throw new SignatureException($"Feature '{feature.Name}' may be null, input '{feature.Input}' holds {input.Element}.");
        return new PlannedFeature(
            index, feature.Name, feature.Type, feature.Nullable, input.Index, input.Element, feature.Position, [.. Encoding.UTF8.GetBytes(feature.Name)], JsonEncodedText.Encode(feature.Name));
    }

    private static bool Fits(FeatureType type, OnnxElementType element) => element switch
    {
        OnnxElementType.Float or OnnxElementType.Double => type != FeatureType.Text,
        OnnxElementType.Int64 or OnnxElementType.Int32 => type is FeatureType.Integer or FeatureType.Boolean,
        OnnxElementType.Bool => type == FeatureType.Boolean,
        OnnxElementType.String => type == FeatureType.Text,
        _ => false,
    };
}

/// <summary>One input of the file.</summary>
/// <param name="Width">Values per row.</param>
/// <param name="Shape">As the file declares it; the first dimension counts rows.</param>
internal sealed record PlannedInput(string Name, int Index, OnnxElementType Element, int Width, ImmutableArray<long> Shape)
{
    private readonly int[] features = [.. Enumerable.Repeat(-1, Width)];

    /// <summary>The feature of each column.</summary>
    public ImmutableArray<int> Features => System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(features);

    public static PlannedInput Of(OnnxValueInfo input, int index)
    {
        if (input.Kind != OnnxValueKind.Tensor || input.Shape.Skip(1).Any(dimension => dimension < 1))
            throw new SignatureException($"Input '{input.Name}' is no tensor of a fixed number of columns.");
        return new PlannedInput(input.Name, index, input.ElementType, checked((int)input.Shape.Skip(1).Aggregate(1L, (product, dimension) => product * dimension)), [.. input.Shape]);
    }

    public void Feed(PlannedFeature feature) =>
        features[feature.Column] = features[feature.Column] < 0 ? feature.Index : throw new SignatureException($"Two features feed column {feature.Column} of input '{Name}'.");
}
