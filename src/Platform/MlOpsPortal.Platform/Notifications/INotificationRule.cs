using System.Collections.Immutable;
using System.Text.Json;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Platform.Notifications;

/// <summary>Who is told what when something happened. An event recorded with a change (<c>TenantDbContext.Record</c>, or an aggregate's events) stands in
/// the outbox in the change's own transaction; the notification relay hands it to every rule of its type, at least once, and drops what a person
/// was told before of the same event. So a rule only reads and answers. Registered as a singleton.</summary>
public interface INotificationRule
{
    /// <summary>Types of events, as in <see cref="Outbox.DomainEvent"/>: <c>release.requested</c>.</summary>
    IReadOnlyCollection<string> EventTypes { get; }

    Task<IReadOnlyList<Notice>> TellAsync(Happened happened, CancellationToken cancellationToken);
}

/// <summary>An event as the outbox keeps it.</summary>
/// <param name="Data">The event's own properties, as JSON.</param>
public sealed record Happened(
    TenantId Tenant, Guid EventId, string Type, string SubjectKind, string SubjectId, string SubjectName, ScopeId? Scope, UserId Actor, string ActorName, DateTimeOffset At, string Data)
{
    public T Read<T>() => JsonSerializer.Deserialize<T>(Data, PortalJson.Options) ?? throw new JsonException($"Event {EventId} has no data.");
}

/// <summary>What is said to whom. Nobody is told of her own doing, and nobody of what she may not see.</summary>
/// <param name="Kind">For the icon: mention, signOff, approval, decision, alert, task, job…</param>
/// <param name="Title">One sentence.</param>
/// <param name="Href">Where to go, below <c>/t/{tenant}</c>.</param>
public sealed record Notice(Audience To, string Kind, string Title, string? Detail, string Href)
{
    /// <summary>Also those who did it themselves: a job that ended.</summary>
    public bool ActorToo { get; init; }

    /// <summary>Goes out as an e-mail as well to whoever has not asked for none.</summary>
    public bool Mail { get; init; } = true;
}

/// <summary>Whom a notice is for.</summary>
public abstract record Audience
{
    private Audience()
    {
    }

    /// <summary>Named people, as far as they may see the event's project.</summary>
    public sealed record People(ImmutableArray<UserId> Users) : Audience;

    /// <summary>The members of the event's project (of the tenant without one) who hold the permission there.</summary>
    public sealed record Holders(Permission Permission) : Audience;

    public static Audience Of(params ImmutableArray<UserId> users) => new People(users);

    public static Audience Holding(Permission permission) => new Holders(permission);
}
