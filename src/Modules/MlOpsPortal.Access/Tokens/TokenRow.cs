using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Access.Tokens;

/// <summary>An API token of one account in one tenant.</summary>
internal sealed class TokenRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public TokenId Id { get; set; }
    public UserId UserId { get; set; }
    public required string Name { get; set; }

    /// <summary>SHA-256 of the token's text; the text itself is kept nowhere.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>Null: whatever its owner may; otherwise no more than these of the owner's roles.</summary>
    public List<Role>? Roles { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
}
