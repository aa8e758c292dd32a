using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Models;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Deployments.Tests;

/// <summary>A sample model with the contract that a person would have confirmed.</summary>
internal sealed class TestModel
{
    public static readonly ProjectId Project = new(Guid.CreateVersion7());

    private TestModel(byte[] bytes, ModelContract contract, string folder) => (Bytes, Contract, Folder) = (bytes, contract, folder);

    public ModelId Id { get; } = new(Guid.CreateVersion7());

    public byte[] Bytes { get; init; }

    public ModelContract Contract { get; init; }

    public string Folder { get; }

    /// <summary>30 numbers in one tensor; the first may be missing.</summary>
    public static TestModel BreastCancer(string model = "lightgbm")
    {
        var features = Features("breast_cancer").Select((name, index) => new ContractFeature(name, FeatureType.Number, index == 0, "", index)).ToImmutableArray();
        return Load("breast_cancer", model, features, MlTask.Binary);
    }

    /// <summary>13 features of mixed types, an input each.</summary>
    public static TestModel Adult(string model = "lightgbm") => Load("adult", model, [], MlTask.Binary);

    /// <summary>A regression.</summary>
    public static TestModel Diabetes(string model = "ridge")
    {
        var features = Features("diabetes").Select((name, index) => new ContractFeature(name, FeatureType.Number, false, "", index)).ToImmutableArray();
        return Load("diabetes", model, features, MlTask.Regression);
    }

    public static TestModel Of(byte[] bytes, ModelContract contract) => new(bytes, contract, "");

    public TestModel WithContract(Func<ModelContract, ModelContract> change) => new(Bytes, change(Contract), Folder);

    public ServableModel Servable(int number, ModelId model)
    {
        var sha = Convert.ToHexStringLower(SHA256.HashData(Bytes));
        return new ServableModel(
            Project, model, "model", new ModelVersionId(Guid.CreateVersion7()), number, new StoredFile(new BlobId(Guid.CreateVersion7()), "model.onnx", Bytes.Length, sha),
            new ModelSignature([], [], ImmutableSortedDictionary<string, long>.Empty, "", Bytes.Length, sha), Contract, Contract.Hash(), Lineage.NotGiven);
    }

    /// <summary>Test rows as JSON objects in the contract's order.</summary>
    public ImmutableArray<string> Rows(int most)
    {
        var lines = File.ReadLines(Path.Combine(Repository.Samples, Folder, "test.csv")).Take(most + 1).Select(line => line.Split(',')).ToList();
        var columns = lines[0].Select((name, index) => (name, index)).ToDictionary(column => column.name, column => column.index, StringComparer.Ordinal);
        return [.. lines.Skip(1).Select(line => "{" + string.Join(",", Contract.Features.Select(feature => $"\"{feature.Name}\":{Json(feature, line[columns[feature.Name]])}")) + "}")];
    }

    /// <summary>What ONNX Runtime answers for the test rows, published with the samples.</summary>
    public double[] Published(string model) =>
        [.. File.ReadLines(Path.Combine(Repository.Samples, Folder, "predictions", model + ".csv")).Skip(1).Select(line => double.Parse(line.Split(',')[PublishedColumn(model)], CultureInfo.InvariantCulture))];

    public static string Request(params IEnumerable<string> rows) => "{\"rows\":[" + string.Join(",", rows) + "]}";

    private int PublishedColumn(string model)
    {
        var header = File.ReadLines(Path.Combine(Repository.Samples, Folder, "predictions", model + ".csv")).First().Split(',');
        return Math.Max(Array.IndexOf(header, "probability"), Array.IndexOf(header, "prediction"));
    }

    private static string Json(ContractFeature feature, string cell) => cell.Length == 0 ? "null" : feature.Type == FeatureType.Text ? JsonSerializer.Serialize(cell) : cell;

    private static TestModel Load(string folder, string model, ImmutableArray<ContractFeature> features, MlTask task)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Repository.Samples, folder, "models", model + ".onnx"));
        using var session = OnnxSession.Load(bytes);
        if (features.IsEmpty)
            features = [.. session.Inputs.Select(input => new ContractFeature(input.Name, TypeOf(input.ElementType), false, input.Name, 0))];
        else
            features = [.. features.Select(feature => feature with { Input = session.Inputs[0].Name })];
        var output = task == MlTask.Binary ? session.Outputs[1] : session.Outputs[0];
        var place = output.Kind == OnnxValueKind.SequenceOfMaps ? new ContractOutput(output.Name, 0, "1") : new ContractOutput(output.Name, task == MlTask.Binary ? 1 : 0, null);
        return new TestModel(bytes, new ModelContract(task, "target", task == MlTask.Binary ? "1" : null, place, features, task == MlTask.Binary ? 0.5 : null), folder);
    }

    private static FeatureType TypeOf(OnnxElementType element) => element switch
    {
        OnnxElementType.String => FeatureType.Text,
        OnnxElementType.Int64 => FeatureType.Integer,
        _ => FeatureType.Number,
    };

    private static IEnumerable<string> Features(string folder) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Samples, folder, "dataset.json"))).RootElement.GetProperty("features").EnumerateArray().Select(name => name.GetString()!);
}
