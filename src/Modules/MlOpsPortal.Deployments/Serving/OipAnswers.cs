using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Deployments.Serving.Scoring;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.Models.Contracts;

namespace MlOpsPortal.Deployments.Serving;

internal sealed record OipServer(string Name, string Version, ImmutableArray<string> Extensions);

/// <summary>A model as the protocol describes it: here one tensor per feature of the contract; requests may as well name the file's own inputs.</summary>
internal sealed record OipMetadata(
    [property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("versions")] ImmutableArray<string> Versions, [property: JsonPropertyName("platform")] string Platform,
    [property: JsonPropertyName("inputs")] ImmutableArray<OipTensorInfo> Inputs, [property: JsonPropertyName("outputs")] ImmutableArray<OipTensorInfo> Outputs);

internal sealed record OipTensorInfo(
    [property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("datatype")] string DataType, [property: JsonPropertyName("shape")] ImmutableArray<long> Shape);

internal sealed record OipHealth
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Live { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Ready { get; init; }
}

/// <summary>What <c>/v2</c> says beside scores.</summary>
internal static class OipAnswers
{
    public static readonly OipServer Server = new("mlopsportal", typeof(OipAnswers).Assembly.GetName().Version?.ToString(3) ?? "0", []);

    public static async Task MetadataAsync(HttpContext http, ScoringHandler handler)
    {
        var found = await handler.FindAsync(http, http.GetRouteValue("name") as string ?? "");
        if (!found.IsOk)
            await ScoringFormat.Oip.RefuseAsync(http, found.Refusal);
        else if (found.Value.Model is not { } model)
            await ScoringFormat.Oip.RefuseAsync(http, found.Value.Silence);
        else
            await http.Response.WriteAsJsonAsync(Describe(found.Value.Name, model), http.RequestAborted);
    }

    public static async Task ReadyAsync(HttpContext http, ScoringHandler handler)
    {
        var found = await handler.FindAsync(http, http.GetRouteValue("name") as string ?? "");
        if (!found.IsOk)
        {
            await ScoringFormat.Oip.RefuseAsync(http, found.Refusal);
            return;
        }

        var ready = found.Value is { Model: not null, Off: null or { Fallback: not null } };
        http.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await http.Response.WriteAsJsonAsync(new OipReady(found.Value.Name, ready), http.RequestAborted);
    }

    private static OipMetadata Describe(string name, LoadedModel model) => new(
        name, [model.Label], "onnx_onnxv1",
        [.. model.Plan.Features.Select(feature => new OipTensorInfo(feature.Name, DataType(feature), [-1, 1]))],
        model.Plan.IsBinary ? [new("probability", "FP64", [-1]), new("label", "BYTES", [-1])] : [new("prediction", "FP64", [-1])]);

    private static string DataType(PlannedFeature feature) => feature.Type switch
    {
        FeatureType.Number => feature.Element == OnnxElementType.Double ? "FP64" : "FP32",
        FeatureType.Integer => feature.Element == OnnxElementType.Int32 ? "INT32" : "INT64",
        FeatureType.Text => "BYTES",
        FeatureType.Boolean => "BOOL",
        _ => throw new ArgumentOutOfRangeException(nameof(feature), feature.Type, "A type of feature without a datatype."),
    };

    private sealed record OipReady([property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("ready")] bool Ready);
}
