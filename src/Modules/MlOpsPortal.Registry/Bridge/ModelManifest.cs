using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using MlOpsPortal.Registry.Versions;

namespace MlOpsPortal.Registry.Bridge;

/// <summary>What MLmodel says of a model: read as text, nothing is ever loaded by it.</summary>
/// <param name="Flavors">What it can be loaded as, by name.</param>
/// <param name="OnnxData">Where the ONNX file is, below the model; null without that flavour.</param>
/// <param name="Inputs">Null when it states no signature.</param>
public sealed record ModelManifest(
    ImmutableArray<string> Flavors, string? OnnxData, string? MlflowVersion, string? RunId, string? CreatedAt, string? Loader,
    ImmutableArray<ModelField>? Inputs, ImmutableArray<ModelField>? Outputs, ImmutableArray<ModelField>? Parameters)
{
    /// <summary>As JSON text, cut to what a page shows; null when there is none.</summary>
    public string? InputExample { get; init; }

    /// <summary>Of the library behind a flavour, by the flavour's name, where it is stated.</summary>
    public ImmutableDictionary<string, string> LibraryVersions { get; init; } = ImmutableDictionary<string, string>.Empty;
}

/// <summary>A column or tensor of a signature.</summary>
/// <param name="Name">Null where it has none, as a lone tensor.</param>
/// <param name="Type">As a person reads it: <c>double</c>, <c>float32 (-1, 4)</c>.</param>
/// <param name="Shape">Of a tensor; null for a column.</param>
public sealed record ModelField(string? Name, string Type, bool Required, ImmutableArray<long>? Shape, string? Default = null);

/// <summary>Finds and reads what a model directory says of itself.</summary>
internal static class ManifestReader
{
    public const string FileName = "MLmodel";
    private const int MostExample = 20_000;
    private static readonly string[] Examples = ["serving_input_example.json", "input_example.json"];

    /// <returns>Null where there is no MLmodel, or one that cannot be read.</returns>
    public static async Task<ModelManifest?> ReadAsync(LoggedSources sources, ImmutableArray<VersionFile> files, CancellationToken cancellationToken)
    {
        if (files.FirstOrDefault(file => file.Path == FileName) is not { } found || await TextAsync(sources, found, YamlSubset.MaxLength, cancellationToken) is not { } text || Parse(text) is not { } manifest)
            return null;
        var example = files.FirstOrDefault(file => Examples.Contains(file.Path, StringComparer.Ordinal));
        return example is null ? manifest : manifest with { InputExample = await TextAsync(sources, example, MostExample, cancellationToken) };
    }

    /// <summary>The file that the portal can run: where the ONNX flavour says, else the only .onnx file there is.</summary>
    public static VersionFile? Onnx(ImmutableArray<VersionFile> files, ModelManifest? manifest)
    {
        if (manifest?.OnnxData is { } data && files.FirstOrDefault(file => file.Path == data) is { } named)
            return named;
        var found = files.Where(file => file.Path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)).Take(2).ToList();
        return found.Count == 1 ? found[0] : null;
    }

    /// <returns>Null for what is no MLmodel.</returns>
    public static ModelManifest? Parse(string text)
    {
        if (YamlSubset.Read(text) is not YamlNode.Map root || root.Get("flavors") is not YamlNode.Map flavors)
            return null;
        var signature = root.Get("signature");
        return new ModelManifest(
            [.. flavors.Entries.Select(flavor => flavor.Key)], flavors.Get("onnx")?.Get("data")?.Scalar, root.Get("mlflow_version")?.Scalar, root.Get("run_id")?.Scalar,
            root.Get("utc_time_created")?.Scalar, flavors.Get("python_function")?.Get("loader_module")?.Scalar,
            Fields(signature?.Get("inputs")?.Scalar), Fields(signature?.Get("outputs")?.Scalar), Fields(signature?.Get("params")?.Scalar))
        {
            LibraryVersions = flavors.Entries.Select(flavor => KeyValuePair.Create(flavor.Key, LibraryVersion(flavor.Value))).Where(flavor => flavor.Value is not null)
                .DistinctBy(flavor => flavor.Key, StringComparer.Ordinal).ToImmutableDictionary(flavor => flavor.Key, flavor => flavor.Value!, StringComparer.Ordinal), // those without were left out
        };
    }

    /// <summary>A flavour names it after its library: <c>sklearn_version</c>, <c>onnx_version</c>, <c>xgb_version</c>.</summary>
    private static string? LibraryVersion(YamlNode flavor) => flavor is YamlNode.Map map
        ? map.Entries.FirstOrDefault(entry => entry.Key.EndsWith("_version", StringComparison.Ordinal) && entry.Key != "python_version").Value?.Scalar
        : null;

    /// <summary>A side of a signature: JSON within the YAML.</summary>
    private static ImmutableArray<ModelField>? Fields(string? json)
    {
        if (json is null)
            return null;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 20 });
            if (document.RootElement.ValueKind != JsonValueKind.Array)
                return null;
            return [.. document.RootElement.EnumerateArray().Where(field => field.ValueKind == JsonValueKind.Object).Take(2_000).Select(Field)];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ModelField Field(JsonElement field)
    {
        var shape = field.TryGetProperty("tensor-spec", out var tensor) && tensor.ValueKind == JsonValueKind.Object ? Shape(tensor) : null;
        var type = shape is { } sizes ? $"{Text(tensor, "dtype") ?? "tensor"} ({string.Join(", ", sizes)})" : Text(field, "type") ?? "unknown";
        var required = !field.TryGetProperty("required", out var needed) || needed.ValueKind != JsonValueKind.False;
        return new ModelField(Text(field, "name"), type, required, shape, field.TryGetProperty("default", out var given) ? given.GetRawText() : null);
    }

    private static ImmutableArray<long>? Shape(JsonElement tensor) =>
        tensor.TryGetProperty("shape", out var shape) && shape.ValueKind == JsonValueKind.Array
            ? [.. shape.EnumerateArray().Take(20).Select(size => size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var length) ? length : -1)]
            : [];

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <returns>At most so many characters; null for what is no text.</returns>
    internal static async Task<string?> TextAsync(LoggedSources sources, VersionFile file, int most, CancellationToken cancellationToken)
    {
        if (file.Artifact.Length > most && file.Path == FileName)
            return null;
        await using var content = await sources.OpenAsync(file, cancellationToken);
        var bytes = new byte[Math.Min(file.Artifact.Length, most)];
        var read = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        var text = Encoding.UTF8.GetString(bytes, 0, read);
        return text.Contains('\0', StringComparison.Ordinal) ? null : text;
    }
}
