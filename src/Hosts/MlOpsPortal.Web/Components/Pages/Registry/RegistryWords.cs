using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Registry.Governance;
using MlOpsPortal.Registry.Registered;
using MlOpsPortal.Registry.Versions;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Components.Pages.Registry;

/// <summary>Words and colours of the registry.</summary>
internal static class RegistryWords
{
    public static Tone ToneOf(ModelStage stage) => stage switch
    {
        ModelStage.Production => Tone.Ok,
        ModelStage.Staging => Tone.Info,
        _ => Tone.Neutral,
    };

    public static Tone ToneOf(MoveState state) => state switch
    {
        MoveState.Requested => Tone.Warn,
        MoveState.Approved => Tone.Ok,
        MoveState.Rejected => Tone.Bad,
        _ => Tone.Neutral,
    };

    public static string Of(MoveState state) => state switch
    {
        MoveState.Requested => "waits for a decision",
        MoveState.Approved => "approved",
        MoveState.Rejected => "rejected",
        _ => "withdrawn",
    };

    /// <summary>A movement as a sentence without its subject: <c>champion: version 2 → version 3</c>.</summary>
    public static string Of(Movement movement) => movement.Kind == MovementKind.Alias
        ? $"{movement.Name}: {Version(movement.From)} → {Version(movement.To)}"
        : $"Version {movement.Name}: {movement.From} → {movement.To}";

    /// <summary>What can be done with each flavour here: the portal runs ONNX and nothing else.</summary>
    public static string Of(string flavor) => flavor switch
    {
        "onnx" => "The portal runs it: it becomes a portal model version that can be evaluated, released and deployed.",
        "python_function" => "Loaded by mlflow.pyfunc on your machine. The portal keeps it and never loads it.",
        "sklearn" or "xgboost" or "lightgbm" or "catboost" => "Loaded by its library on your machine. Export it to ONNX (skl2onnx, onnxmltools) and log that beside it, and the portal can run it.",
        "pytorch" or "tensorflow" or "keras" => "Loaded by its library on your machine. Export it to ONNX (torch.onnx, tf2onnx) and log that beside it, and the portal can run it.",
        _ => "Kept as it is, and never loaded by the portal.",
    };

    public static string Link(string root, string name) => $"{root}/registry/models/{Uri.EscapeDataString(name)}";

    public static string Link(string root, string name, int number) => string.Create(CultureInfo.InvariantCulture, $"{Link(root, name)}/versions/{number}");

    /// <summary>What a tag field holds: <c>key = value</c> a line.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> Shown(ImmutableArray<KeyValuePair<string, string>> tags) =>
        [.. tags.Where(tag => !tag.Key.StartsWith("mlflow.", StringComparison.Ordinal))];

    private static string Version(string? number) => number is null ? "none" : "version " + number;
}
