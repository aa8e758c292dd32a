using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlOpsPortal.Cli.Mlflow;

/// <summary>How MLflow writes JSON: snake case, numbers that may be text, NaN and infinities as text, nothing for what is unset.</summary>
internal static class Wire
{
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

/// <summary>A tag or a parameter: both are a key and a text.</summary>
internal sealed record KeyValue
{
    public KeyValue()
    {
    }

    public KeyValue(string key, string value) => (Key, Value) = (key, value);

    public string Key { get; init; } = "";

    public string Value { get; init; } = "";
}

/// <summary>What a request without an interesting answer answers.</summary>
internal sealed record Nothing;

internal static class LifecycleStage
{
    public const string Active = "active";
    public const string Deleted = "deleted";
}

internal static class KeyValues
{
    public static string? Of(this IEnumerable<KeyValue> values, string key) => values.FirstOrDefault(value => value.Key == key)?.Value;
}
