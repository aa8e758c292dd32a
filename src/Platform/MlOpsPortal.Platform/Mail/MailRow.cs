namespace MlOpsPortal.Platform.Mail;

/// <summary>A mail on its way. It belongs to no tenant (a password is reset without one); the portal's tenant role may only insert.</summary>
public sealed class MailRow
{
    public Guid Id { get; set; }
    public required string Recipient { get; set; }
    public required string Subject { get; set; }

    /// <summary>Encrypted; null once it was sent or given up.</summary>
    public string? Text { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Not before this time.</summary>
    public DateTimeOffset DueAt { get; set; }
    public DateTimeOffset? SentAt { get; set; }
    public DateTimeOffset? GivenUpAt { get; set; }

    /// <summary>What the server said last.</summary>
    public string? Fault { get; set; }
}
