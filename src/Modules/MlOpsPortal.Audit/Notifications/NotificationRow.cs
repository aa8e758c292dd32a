using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Audit.Notifications;

public readonly record struct NotificationId(Guid Value) : IId<NotificationId>
{
    public static NotificationId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out NotificationId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

/// <summary>What one person was told of one event.</summary>
internal sealed class NotificationRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public UserId UserId { get; set; }
    public NotificationId Id { get; set; }
    public Guid EventId { get; set; }
    public required string Kind { get; set; }
    public required string Title { get; set; }
    public string? Detail { get; set; }
    public required string Href { get; set; }
    public ScopeId? Scope { get; set; }
    public DateTimeOffset At { get; set; }
    public DateTimeOffset? ReadAt { get; set; }
}

/// <summary>What a person wants by e-mail; absent for the default.</summary>
internal sealed class MailWishRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public UserId UserId { get; set; }
    public MailWish Wish { get; set; }
}

/// <summary>Which notices go out as an e-mail as well.</summary>
public enum MailWish
{
    Everything,

    /// <summary>Where one is named: mentions, and what is assigned to one alone.</summary>
    Mentions,
    Nothing,
}
