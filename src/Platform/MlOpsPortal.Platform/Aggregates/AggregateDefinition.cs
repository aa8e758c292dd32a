using System.Text.Json;
using System.Text.Json.Nodes;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Outbox;

namespace MlOpsPortal.Platform.Aggregates;

/// <summary>How a state becomes a row and back. One per aggregate, registered as a singleton.</summary>
public abstract class AggregateDefinition<TRow, TState>
    where TRow : AggregateRow, new()
    where TState : class
{
    /// <summary>The document's schema number; raise it together with <see cref="Upcast"/>.</summary>
    public virtual int Schema => 1;

    /// <summary>Refusals by the name of the unique index that was hit.</summary>
    public virtual IReadOnlyDictionary<string, Refusal> Taken { get; } = new Dictionary<string, Refusal>(StringComparer.Ordinal);

    public abstract Subject Subject(Guid id, TState state);

    /// <summary>Copies what lists and searches need from the state into the row's columns.</summary>
    public abstract void Index(TState state, TRow row);

    /// <summary>Brings a document of an older schema to the present one.</summary>
    protected virtual JsonObject Upcast(JsonObject document, int schema) =>
        throw new NotSupportedException($"No way from schema {schema} to {Schema} of {typeof(TState).Name}.");

    public TState Read(string document)
    {
        var json = JsonNode.Parse(document)!.AsObject(); // a jsonb document is never null
        var schema = json["schema"]!.GetValue<int>();
        json.Remove("schema");
        if (schema != Schema)
            json = Upcast(json, schema);
        return json.Deserialize<TState>(PortalJson.Options) ?? throw new JsonException($"An empty document of {typeof(TState).Name}.");
    }

    public string Write(TState state)
    {
        var json = JsonSerializer.SerializeToNode(state, PortalJson.Options)!.AsObject(); // a record is never null
        json["schema"] = Schema;
        return json.ToJsonString();
    }
}
