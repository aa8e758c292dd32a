using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Tracking.LoggedModels;

/// <summary>What a logged model may be called and carry.</summary>
internal static class LoggedModelRules
{
    /// <summary>Client and server both add to this list, the one with numbers, the other with texts.</summary>
    public const string VersionsTag = "mlflow.modelVersions";
    private const int MaxName = 500;
    private const int MaxKey = 255;
    private const int MaxValue = 100_000;
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("/:.%\"'");
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The name becomes a part of paths and URIs.</summary>
    public static Validation? CheckName(string name) =>
        name.AsSpan().IndexOfAny(Forbidden) >= 0 ? LoggedModelErrors.Name(name) : name.Length > MaxName ? LoggedModelErrors.TooLong("name", MaxName) : null;

    public static Validation? CheckTexts(string field, ImmutableArray<KeyValuePair<string, string>> texts)
    {
        foreach (var (key, value) in texts)
        {
            if (key.Length > MaxKey)
                return LoggedModelErrors.TooLong($"{field}.key", MaxKey);
            if (value.Length > MaxValue)
                return LoggedModelErrors.TooLong($"{field}.value", MaxValue);
        }

        return null;
    }

    public static Validation? CheckLength(string field, string? text) => text?.Length > MaxName ? LoggedModelErrors.TooLong(field, MaxName) : null;

    /// <summary>One value per key, the last.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> LastOfEach(ImmutableArray<KeyValuePair<string, string>> texts)
    {
        var last = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in texts)
            last[key] = key == VersionsTag ? WithoutDoubles(value) : value;
        return [.. last];
    }

    /// <summary>Each version once: <c>{"name": "a", "version": 1}</c> and <c>{"name": "a", "version": "1"}</c> are the same.</summary>
    /// <param name="added">A version to add.</param>
    public static string WithoutDoubles(string json, (string Name, string Version)? added = null)
    {
        try
        {
            var seen = new HashSet<(string, string)>();
            var kept = new List<JsonElement>();
            using var document = JsonDocument.Parse(json.Length == 0 ? "[]" : json);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
                return json;
            foreach (var item in document.RootElement.EnumerateArray())
                if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("name", out var name) || !item.TryGetProperty("version", out var version) || seen.Add((name.ToString(), version.ToString())))
                    kept.Add(item.Clone());
            if (added is not null && seen.Add(added.Value))
                kept.Add(JsonSerializer.SerializeToElement(new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = added.Value.Name, ["version"] = added.Value.Version }));
            return "[" + string.Join(", ", kept.Select(item => JsonSerializer.Serialize(item, Relaxed))) + "]";
        }
        catch (JsonException)
        {
            return json; // somebody's own words: kept as they are
        }
    }
}
