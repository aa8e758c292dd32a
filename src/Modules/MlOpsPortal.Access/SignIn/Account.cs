using Microsoft.AspNetCore.Identity;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Access.SignIn;

/// <summary>Who can be known to the portal. Accounts are global; what one may do is said by the memberships of a tenant.</summary>
public sealed class Account : IdentityUser<Guid>
{
    /// <summary>As pages and audit rows show it.</summary>
    public required string Name { get; set; }

    public AccountKind Kind { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Keeps the tenants: makes, limits and suspends them. Gives no way into any of them.</summary>
    public bool IsOperator { get; set; }

    public UserId UserId => new(Id);
}

public enum AccountKind
{
    /// <summary>Signs in with a password; user name and e-mail are the same.</summary>
    Person,

    /// <summary>Has no password, only tokens, and belongs to one tenant.</summary>
    Service,
}
