using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.MlflowApi.Wire;

/// <summary>The fields of a call, from its query or its JSON body: unknown ones are ignored, null is unset, int64 comes as number or text. What cannot be
/// read is noted as <see cref="Fault"/> (the first counts), and the call is refused before anything is done.</summary>
internal sealed class MlflowFields
{
    private readonly JsonElement body;
    private readonly IQueryCollection? query;
    private readonly string path;
    private readonly MlflowFields root;

    private MlflowFields(JsonElement body, IQueryCollection? query, string path, MlflowFields? root) => (this.body, this.query, this.path, this.root) = (body, query, path, root ?? this);

    /// <summary>Null while everything could be read.</summary>
    public Refusal? Fault { get; private set; }

    public static MlflowFields Of(JsonElement body) => new(body, null, "", null);

    public static MlflowFields Of(IQueryCollection query) => new(default, query, "", null);

    /// <summary>Reads a body that is at hand. What is no JSON object has no fields; old clients send the JSON as a JSON text.</summary>
    public static MlflowFields Parse(ReadOnlySequence<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind != JsonValueKind.String)
                return Of(document.RootElement.Clone());
            using var inner = JsonDocument.Parse(document.RootElement.GetString() ?? "");
            return Of(inner.RootElement.Clone());
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return Of(default(JsonElement));
        }
    }

    public bool Has(string name) => query?.ContainsKey(name) ?? Find(name) is not null;

    /// <summary>Notes that the call cannot be carried out.</summary>
    public void Refuse(Refusal refusal) => root.Fault ??= refusal;

    /// <summary>Null when it is not there.</summary>
    public string? Text(string name)
    {
        if (query is not null)
            return query.TryGetValue(name, out var values) ? Clean(name, values[0]) : null;
        return Find(name) is { } value ? Clean(name, TextOf(name, value)) : null;
    }

    /// <summary>A text that must be there and hold something.</summary>
    public string Required(string name)
    {
        if (Text(name) is { Length: > 0 } text)
            return text;
        Missing(name);
        return "";
    }

    /// <summary>A text that must be there, also known by a second, older name.</summary>
    public string Required(string name, string alias) => Text(name) is { Length: > 0 } text ? text : Text(alias) is { Length: > 0 } other ? other : Required(name);

    public long? Int64(string name)
    {
        if (query is not null)
            return Text(name) is { } text ? Whole(name, text) : null;
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number)
            return value.TryGetInt64(out var number) ? number : Whole(name, value.GetRawText());
        return value.ValueKind == JsonValueKind.String ? Whole(name, TextOf(name, value)) : Wrong<long>(name, value);
    }

    /// <summary>A number, or one of the words NaN, Infinity, -Infinity.</summary>
    public double? Double(string name)
    {
        if (query is not null || Find(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number)
            return value.GetDouble();
        if (value.ValueKind != JsonValueKind.String)
            return Wrong<double>(name, value);
        return Doubles.Parse(TextOf(name, value)) ?? Wrong<double>(name, value);
    }

    public bool? Flag(string name)
    {
        if (query is not null)
            return Text(name) is not { } text ? null : bool.TryParse(text, out var said) ? said : Invalid<bool>(name, text);
        return Find(name) is not { } value ? null : value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => Wrong<bool>(name, value),
        };
    }

    /// <summary>One of a protobuf enumeration's words, or its number.</summary>
    public TEnum? Word<TEnum>(string name, IReadOnlyDictionary<string, (int Number, TEnum Value)> words)
        where TEnum : struct
    {
        var text = query is not null ? Text(name) : Find(name) is { } value ? value.ValueKind == JsonValueKind.Number ? value.GetRawText() : TextOf(name, value) : null;
        if (text is null)
            return null;
        if (words.TryGetValue(text, out var found))
            return found.Value;
        foreach (var (number, meant) in words.Values)
            if (number.ToString(CultureInfo.InvariantCulture) == text)
                return meant;
        return Invalid<TEnum>(name, text);
    }

    /// <summary>A repeated text; empty when it is not there. Numbers in it are read as they are written: experiments once had such ids.</summary>
    public ImmutableArray<string> Texts(string name)
    {
        if (query is not null)
            return query.TryGetValue(name, out var values) ? [.. values.Select(value => Clean(name, value) ?? "")] : [];
        return [.. Array(name).Select(item => Clean(name, item.ValueKind == JsonValueKind.Number ? item.GetRawText() : TextOf(name, item)) ?? "")];
    }

    /// <summary>A repeated object; empty when it is not there.</summary>
    public ImmutableArray<MlflowFields> Items(string name)
    {
        if (query is not null)
            return [];
        var items = ImmutableArray.CreateBuilder<MlflowFields>();
        foreach (var item in Array(name))
        {
            var place = $"{path}{name}[{items.Count.ToString(CultureInfo.InvariantCulture)}]";
            if (item.ValueKind != JsonValueKind.Object)
                Refuse(MlflowRefusals.Invalid(place, Shown(item), "an object is expected."));
            items.Add(new MlflowFields(item, null, place + ".", root));
        }

        return items.ToImmutable();
    }

    /// <summary>An object within; null when it is not there.</summary>
    public MlflowFields? Item(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Object)
            Wrong<int>(name, value);
        return new MlflowFields(value, null, $"{path}{name}.", root);
    }

    /// <summary>Key and value pairs; the value of one that has none is empty.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Pairs(string name) =>
        [.. Items(name).Select(item => KeyValuePair.Create(item.Required("key"), item.Text("value") ?? ""))];

    public void Missing(string name) => Refuse(MlflowRefusals.Missing(path + name));

    private JsonElement.ArrayEnumerator Array(string name)
    {
        if (Find(name) is not { } value)
            return default;
        if (value.ValueKind == JsonValueKind.Array)
            return value.EnumerateArray();
        Wrong<int>(name, value);
        return default;
    }

    /// <summary>By its name, or as protobuf's JSON would write it; null for null.</summary>
    private JsonElement? Find(string name)
    {
        if (body.ValueKind != JsonValueKind.Object)
            return null;
        if (!body.TryGetProperty(name, out var value) && !body.TryGetProperty(CamelCase(name), out value))
            return null;
        return value.ValueKind == JsonValueKind.Null ? null : value;
    }

    private static string CamelCase(string name) => JsonNamingPolicy.CamelCase.ConvertName(string.Concat(name.Split('_').Select(part => part.Length == 0 ? "" : char.ToUpperInvariant(part[0]) + part[1..])));

    private string? TextOf(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            Wrong<int>(name, value);
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            Refuse(MlflowRefusals.Invalid(path + name, "…", "it is no Unicode text."));
            return null;
        }
    }

    /// <summary>No database keeps the character 0.</summary>
    private string? Clean(string name, string? text)
    {
        if (text?.Contains('\0', StringComparison.Ordinal) == true)
            Refuse(MlflowRefusals.Invalid(path + name, "…", "it contains the character 0."));
        return text;
    }

    private long? Whole(string name, string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) ? number : Invalid<long>(name, text ?? "");

    private T? Wrong<T>(string name, JsonElement value)
        where T : struct
    {
        Refuse(MlflowRefusals.Invalid(path + name, Shown(value), $"its type is {value.ValueKind.ToString().ToLowerInvariant()}."));
        return null;
    }

    private T? Invalid<T>(string name, string text)
        where T : struct
    {
        Refuse(MlflowRefusals.Invalid(path + name, $"\"{Cut(text)}\"", "it cannot be read."));
        return null;
    }

    private static string Shown(JsonElement value) => Cut(value.GetRawText());

    private static string Cut(string text) => text.Length <= 100 ? text : text[..100] + "…";
}

/// <summary>Doubles as protobuf's JSON has them.</summary>
internal static class Doubles
{
    /// <returns>Null for what is no number.</returns>
    public static double? Parse(string? text) => text switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) ? number : null,
    };
}
