using System.Text.Json.Serialization;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Platform.Outbox;

/// <summary>Something that happened, named in the past tense. Its properties are what audit and receivers see.</summary>
/// <param name="Type">Stable, subject first: <c>project.stage_signed_off</c>.</param>
public abstract record DomainEvent([property: JsonIgnore] string Type);

/// <summary>What an event is about.</summary>
/// <param name="Kind">project, dataset, model, deployment, member…</param>
/// <param name="Id">32 hex digits, or a name where the kind has no id.</param>
/// <param name="Scope">The project it belongs to; null for what is the tenant's.</param>
public sealed record Subject(string Kind, string Id, string Name, ScopeId? Scope);
