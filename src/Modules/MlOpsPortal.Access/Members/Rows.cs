using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Access.Members;

/// <summary>An account in a tenant, with its roles there.</summary>
internal sealed class Membership : ITenantRow
{
    public TenantId TenantId { get; set; }
    public UserId UserId { get; set; }
    public AccountKind Kind { get; set; }
    public required List<Role> Roles { get; set; }

    /// <summary>May not come in for now; keeps the roles. The account itself may be at work in another tenant.</summary>
    public bool Disabled { get; set; }

    /// <summary>Counts changes from 1; optimistic concurrency.</summary>
    public long Version { get; set; } = 1;
    public DateTimeOffset JoinedAt { get; set; }
}

/// <summary>A member of the tenant in one scope (a project). Without a row the scope is hidden from her, whatever her roles in the tenant.</summary>
internal sealed class ScopeMembership : ITenantRow
{
    public TenantId TenantId { get; set; }
    public ScopeId Scope { get; set; }
    public UserId UserId { get; set; }

    /// <summary>Roles that count here only, besides those of the tenant.</summary>
    public required List<Role> Roles { get; set; }
    public long Version { get; set; } = 1;
    public DateTimeOffset JoinedAt { get; set; }
}

/// <summary>A way in for one e-mail address, once, for some days.</summary>
internal sealed class Invitation : ITenantRow
{
    public TenantId TenantId { get; set; }
    public InvitationId Id { get; set; }
    public required string Email { get; set; }
    public required List<Role> Roles { get; set; }

    /// <summary>SHA-256 of the link's secret.</summary>
    public required byte[] Hash { get; set; }
    public InvitationState State { get; set; }
    public UserId InvitedBy { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
}

public enum InvitationState
{
    Open,
    Accepted,
    Withdrawn,
}
