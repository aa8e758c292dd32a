using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace MlOpsPortal.MlflowApi.Wire;

/// <summary>How answers are written: snake_case names as given, int64 as numbers, what is unset left out, NaN and infinities as words.</summary>
internal static class MlflowJson
{
    public const string MediaType = "application/json";
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly JsonEncodedText Key = JsonEncodedText.Encode("key");
    private static readonly JsonEncodedText Value = JsonEncodedText.Encode("value");

    /// <summary>Answers with one object.</summary>
    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        using var buffer = new PooledBytes();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        context.Response.ContentType = MediaType;
        context.Response.ContentLength = buffer.Count;
        await context.Response.Body.WriteAsync(buffer.Written, context.RequestAborted);
    }

    /// <summary>Left out when there is none. An empty text is set, and written.</summary>
    public static void Optional(this Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
            json.WriteString(name, text);
    }

    /// <summary>Left out when there is none.</summary>
    public static void Optional(this Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } value)
            json.WriteNumber(name, value);
    }

    /// <summary>Milliseconds since 1970; left out when there is none.</summary>
    public static void Optional(this Utf8JsonWriter json, string name, DateTimeOffset? time) => json.Optional(name, time?.ToUnixTimeMilliseconds());

    public static void Double(this Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WritePlain(name, value);
        else
            json.WriteString(name, double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }

    /// <summary>A list of objects; nothing at all when it is empty, as protobuf does it.</summary>
    public static void List<T>(this Utf8JsonWriter json, string name, IReadOnlyCollection<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Key and value pairs.</summary>
    public static void Pairs(this Utf8JsonWriter json, string name, IReadOnlyCollection<KeyValuePair<string, string>> pairs) =>
        json.List(name, pairs, static (writer, pair) =>
        {
            writer.WriteString(Key, pair.Key);
            writer.WriteString(Value, pair.Value);
        });

    /// <summary>An object under a name.</summary>
    public static void Nested<T>(this Utf8JsonWriter json, string name, T item, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartObject(name);
        write(json, item);
        json.WriteEndObject();
    }

    /// <summary>A whole number with its point, so that a reader who tells them apart reads a double.</summary>
    private static void WritePlain(this Utf8JsonWriter json, string name, double value)
    {
        json.WritePropertyName(name);
        Span<byte> text = stackalloc byte[40]; // the longest double takes 24
        if (!value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture))
            throw new InvalidOperationException($"{value} did not fit.");
        if (text[..length].IndexOfAny(".eE"u8) < 0)
        {
            ".0"u8.CopyTo(text[length..]);
            length += 2;
        }

        json.WriteRawValue(text[..length], skipInputValidation: true);
    }
}
