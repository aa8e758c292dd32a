using System.Text.Json;
using System.Text.RegularExpressions;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Platform.Http;

/// <summary>What is wrong with a body, and where, from what the serializer says of it.</summary>
internal static partial class BodyFaults
{
    public static Validation Of(JsonException json)
    {
        var place = FieldName(json.Path);
        string[] missing = [.. Missing(json.Message).Select(name => place == "$" ? name : $"{place}.{name}")];
        return missing.Length > 0
            ? new Validation("body_incomplete", string.Join(", ", missing)) { Fields = [.. missing.Select(name => new FieldFault(name, "field_missing"))] }
            : new Validation("body_unreadable", json.Path ?? "$") { Fields = [new FieldFault(place, "field_unreadable")] };
    }

    /// <summary>The serializer names what is missing in its message alone. Should that change, the place is still said.</summary>
    private static IEnumerable<string> Missing(string message) =>
        MissingNames().Match(message) is { Success: true } found ? found.Groups["name"].Captures.Select(capture => capture.Value) : [];

    private static string FieldName(string? path) => path is null ? "$" : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;

    [GeneratedRegex("missing required properties including:( '(?<name>[^']+)',?)+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex MissingNames();
}
