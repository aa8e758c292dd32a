using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Platform.Json;

/// <summary>The one way JSON is written: on the wire, in documents, in events and between grains.
/// camelCase, enums as words, ids as 32 hex digits, times in UTC with microseconds, metadata allowed anywhere (jsonb moves <c>$type</c>).</summary>
public static class PortalJson
{
    public static readonly JsonSerializerOptions Options = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options, params ReadOnlySpan<Action<JsonTypeInfo>> also)
    {
        options.AllowOutOfOrderMetadataProperties = true;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.MaxDepth = 32;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new IdJsonConverterFactory());
        options.Converters.Add(new UtcMicrosecondsConverter());
        var resolver = new DefaultJsonTypeInfoResolver { Modifiers = { Unions.Describe, NullMayBeLeftOut } };
        foreach (var modifier in also)
            resolver.Modifiers.Add(modifier);
        options.TypeInfoResolver = resolver;
        return options;
    }

    /// <summary>What may be null may be left out; everything else must be there.</summary>
    private static void NullMayBeLeftOut(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
            if (property.AssociatedParameter is { IsNullable: true } or { HasDefaultValue: true })
                property.IsRequired = false;
    }

    private sealed class UtcMicrosecondsConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset().ToUniversalTime();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
    }
}

/// <summary>Unions (an abstract record and its sealed cases in the same assembly, or in that of the type it is about) carry their case's name as <c>$type</c>,
/// without attributes on the records: refusals, commands and whatever else derives from <see cref="IUnion"/>.</summary>
public static class Unions
{
    public static void Describe(JsonTypeInfo info)
    {
        if (!info.Type.IsAbstract || info.Type.IsInterface || (info.Type != typeof(Refusal) && !typeof(IUnion).IsAssignableFrom(info.Type)))
            return;
        info.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "$type", IgnoreUnrecognizedTypeDiscriminators = false };
        var assemblies = info.Type.GenericTypeArguments.Append(info.Type).Select(type => type.Assembly).Distinct();
        foreach (var type in assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => type is { IsAbstract: false } && info.Type.IsAssignableFrom(type)))
            info.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(type, JsonNamingPolicy.CamelCase.ConvertName(type.Name)));
    }
}

/// <summary>Marks an abstract record whose cases are told apart by name in JSON.</summary>
public interface IUnion;
