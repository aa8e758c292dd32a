using System.Collections.Immutable;
using System.Text.Json.Serialization;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Aggregates;

/// <summary>A use case that changes one aggregate: its request, the permission it needs and its pure decision in one record.</summary>
public abstract record Command<TState> : IUnion
    where TState : class
{
    [JsonIgnore]
    public abstract Permission Permission { get; }

    /// <param name="state">Null when the aggregate does not exist yet: only the command that creates it answers that with a change.</param>
    public abstract Result<Change<TState>> Decide(TState? state, Facts facts);
}

/// <summary>What a decision may know besides the state: who, when, and fresh ids.</summary>
/// <param name="Now">UTC, whole microseconds.</param>
public sealed record Facts(Caller Caller, DateTimeOffset Now)
{
    public Guid NewId() => Guid.CreateVersion7(Now);
}

/// <summary>The state after a command, and what happened.</summary>
public sealed record Change<TState>(TState State, ImmutableArray<DomainEvent> Events)
    where TState : class
{
    /// <summary>Rows beside the aggregate that are inserted with it: a job, a blob's row, a child too large for the document.
    /// A blob's row that is there already (a file that two versions share) stays as it is.</summary>
    [JsonIgnore]
    public ImmutableArray<ITenantRow> Rows { get; init; } = [];
}

/// <summary>Shorthand for decisions.</summary>
public static class Change
{
    public static Result<Change<TState>> To<TState>(TState state, params ImmutableArray<DomainEvent> events)
        where TState : class => new Change<TState>(state, events);
}

/// <summary>A state with the number of changes that led to it; the number goes back as <c>If-Match</c>.</summary>
public sealed record Versioned<TState>(TState State, long Version)
    where TState : class;
