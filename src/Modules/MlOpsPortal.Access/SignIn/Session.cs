namespace MlOpsPortal.Access.SignIn;

/// <summary>One browser that somebody signed in with, from then to its end.</summary>
internal sealed class Session
{
    /// <summary>Stands in the cookie; of no use without the cookie's signature.</summary>
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>As the browser calls itself, cut.</summary>
    public string? Browser { get; set; }

    public string? Address { get; set; }
}
