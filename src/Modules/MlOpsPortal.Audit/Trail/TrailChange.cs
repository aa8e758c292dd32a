using System.Collections.Immutable;
using System.Text.Json;

namespace MlOpsPortal.Audit.Trail;

/// <summary>One thing that an entry says: a value that changed, with both, or a fact, with <see cref="After"/> alone.</summary>
/// <param name="Name">Path of the value in the event, with dots: <c>cadence</c>, <c>target.value</c>.</param>
/// <param name="Before">Null for what was not there.</param>
/// <param name="After">Null for what is no longer there.</param>
public sealed record TrailChange(string Name, string? Before, string? After, bool Changed)
{
    private const int MaxDepth = 6;

    /// <summary>What an event says, change by change. Events carry both sides as <c>before</c> and <c>after</c>, as <c>from</c> and <c>to</c>, or as
    /// <c>nameBefore</c> and <c>name</c>; of two objects only what differs is listed.</summary>
    public static ImmutableArray<TrailChange> Of(JsonElement detail)
    {
        if (detail.ValueKind != JsonValueKind.Object)
            return [];
        var changes = ImmutableArray.CreateBuilder<TrailChange>();
        foreach (var property in detail.EnumerateObject())
        {
            if (Pair(detail, property.Name) is { } pair)
                Compare(changes, pair.Name, pair.Before, pair.After, 0);
            else if (!IsOtherSide(detail, property.Name))
                List(changes, property.Name, property.Value, 0);
        }

        return changes.ToImmutable();
    }

    /// <summary>Both sides, when this property is the earlier one.</summary>
    private static (string Name, JsonElement? Before, JsonElement? After)? Pair(JsonElement detail, string name)
    {
        const string Earlier = "before", Suffix = "Before";
        if (name == Earlier)
            return ("", Get(detail, name), Get(detail, "after") ?? Get(detail, OnlyOther(detail, name)));
        if (name == "from" && Get(detail, "to") is { } to)
            return ("", Get(detail, name), to);
        return name.EndsWith(Suffix, StringComparison.Ordinal) && Get(detail, name[..^Suffix.Length]) is { } after ? (name[..^Suffix.Length], Get(detail, name), after) : null;
    }

    private static bool IsOtherSide(JsonElement detail, string name) =>
        (name == "after" && Get(detail, "before") is not null)
        || (name == "to" && Get(detail, "from") is not null)
        || Get(detail, name + "Before") is not null
        || (Get(detail, "before") is not null && Get(detail, "after") is null && OnlyOther(detail, "before") == name);

    /// <summary>An event of two properties, one of them <c>before</c>, names what is there now by its own word.</summary>
    private static string OnlyOther(JsonElement detail, string name)
    {
        var others = detail.EnumerateObject().Where(property => property.Name != name).Select(property => property.Name).ToList();
        return others is [var one] ? one : "";
    }

    private static void Compare(ImmutableArray<TrailChange>.Builder changes, string name, JsonElement? before, JsonElement? after, int depth)
    {
        if (depth < MaxDepth && before is { ValueKind: JsonValueKind.Object } old && after is { ValueKind: JsonValueKind.Object } now)
        {
            var names = old.EnumerateObject().Concat(now.EnumerateObject()).Select(property => property.Name).Distinct(StringComparer.Ordinal);
            foreach (var inner in names)
                Compare(changes, Join(name, inner), Get(old, inner), Get(now, inner), depth + 1);
            return;
        }

        if (before is { } was && after is { } became && JsonElement.DeepEquals(was, became))
            return;
        if (IsNothing(before) && after is { ValueKind: JsonValueKind.Object } made)
            List(changes, name, made, depth, (path, text) => new TrailChange(path, null, text, Changed: true));
        else if (IsNothing(after) && before is { ValueKind: JsonValueKind.Object } gone)
            List(changes, name, gone, depth, (path, text) => new TrailChange(path, text, null, Changed: true));
        else if (Text(before) is var left && Text(after) is var right && left != right)
            changes.Add(new TrailChange(name, left, right, Changed: true));
    }

    private static void List(ImmutableArray<TrailChange>.Builder changes, string name, JsonElement value, int depth, Func<string, string, TrailChange>? make = null)
    {
        if (value.ValueKind == JsonValueKind.Object && depth < MaxDepth)
        {
            foreach (var property in value.EnumerateObject())
                List(changes, Join(name, property.Name), property.Value, depth + 1, make);
            return;
        }

        if (Text(value) is { } text)
            changes.Add(make?.Invoke(name, text) ?? new TrailChange(name, null, text, Changed: false));
    }

    private static bool IsNothing(JsonElement? value) => value is null or { ValueKind: JsonValueKind.Null };

    private static string? Text(JsonElement? value) => value switch
    {
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String or JsonValueKind.Number) => string.Join(", ", list.EnumerateArray().Select(item => item.ToString())),
        { } other => other.GetRawText(),
    };

    private static JsonElement? Get(JsonElement detail, string name) => name.Length > 0 && detail.TryGetProperty(name, out var value) ? value : null;

    private static string Join(string name, string inner) => name.Length == 0 ? inner : $"{name}.{inner}";
}
