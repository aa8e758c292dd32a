using System.Globalization;
using System.Text.Json;
using MlOpsPortal.Deployments.Releases;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Web.Components.Kit;
using ReleaseEnvironment = MlOpsPortal.Models.Approvals.ReleaseEnvironment;

namespace MlOpsPortal.Web.Components.Pages.Deployments;

/// <summary>Deployments in words and colours, the same on every page.</summary>
internal static class EndpointWords
{
    public static string Of(ReleaseEnvironment environment) => environment == ReleaseEnvironment.Production ? "production" : "sandbox";

    public static (Tone Tone, string Text) State(bool isOff, int? live, bool loading) => (isOff, live, loading) switch
    {
        (true, _, _) => (Tone.Bad, "switched off"),
        (_, null, true) => (Tone.Info, "loading"),
        (_, null, false) => (Tone.Warn, "nothing live"),
        (_, _, true) => (Tone.Info, "live, next one loading"),
        _ => (Tone.Ok, "live"),
    };

    public static (Tone Tone, string Text) State(Release release) => release.State switch
    {
        ReleaseState.Loading => (Tone.Info, "loading"),
        ReleaseState.Live => (Tone.Ok, "live"),
        ReleaseState.Failed => (Tone.Bad, "failed"),
        ReleaseState.Replaced => (Tone.Neutral, "replaced"),
        _ => throw new ArgumentOutOfRangeException(nameof(release), release.State, "A state without words."),
    };

    /// <summary>A form's text as the JSON that the contract asks for; what cannot be that is sent as text, and the answer says so.</summary>
    public static string Json(ContractFeature feature, string? text)
    {
        if (string.IsNullOrEmpty(text) && feature.Type != FeatureType.Text)
            return "null";
        var isPlain = feature.Type switch
        {
            FeatureType.Text => false,
            FeatureType.Boolean => text is "true" or "false",
            _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number),
        };
        return isPlain ? text!.Trim() : JsonSerializer.Serialize(text ?? "");
    }

    public static string DataType(FeatureType type) => type switch
    {
        FeatureType.Number => "FP64",
        FeatureType.Integer => "INT64",
        FeatureType.Text => "BYTES",
        FeatureType.Boolean => "BOOL",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "A type without a datatype."),
    };
}
