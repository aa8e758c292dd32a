namespace MlOpsPortal.Access.SignIn;

/// <summary>A way to a new password, once, for a short time.</summary>
internal sealed class PasswordReset
{
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    /// <summary>SHA-256 of the link's secret.</summary>
    public required byte[] Hash { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? UsedAt { get; set; }
}
