using System.Collections.Immutable;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access;

public sealed record TenantCreated(string Slug, string Name) : DomainEvent("tenant.created");

public sealed record MemberJoined(string Name, ImmutableArray<Role> Roles) : DomainEvent("member.joined");

public sealed record MemberRolesChanged(ImmutableArray<Role> Before, ImmutableArray<Role> After) : DomainEvent("member.roles_changed");

public sealed record MemberDisabled() : DomainEvent("member.disabled");

public sealed record MemberEnabled() : DomainEvent("member.enabled");

public sealed record MemberRemoved() : DomainEvent("member.removed");

public sealed record ScopeMemberJoined(ImmutableArray<Role> Roles) : DomainEvent("scope_member.joined");

public sealed record ScopeMemberRolesChanged(ImmutableArray<Role> Before, ImmutableArray<Role> After) : DomainEvent("scope_member.roles_changed");

public sealed record ScopeMemberRemoved() : DomainEvent("scope_member.removed");

public sealed record InvitationIssued(string Email, ImmutableArray<Role> Roles, DateTimeOffset ExpiresAt) : DomainEvent("invitation.issued");

public sealed record InvitationAccepted(UserId User) : DomainEvent("invitation.accepted");

public sealed record InvitationWithdrawn() : DomainEvent("invitation.withdrawn");

public sealed record PasswordResetIssued(bool Mailed) : DomainEvent("member.password_reset_issued");

/// <param name="ByLink">By a single-use link, and not by who knew the old one.</param>
public sealed record PasswordChanged(bool ByLink) : DomainEvent("member.password_changed");

public sealed record TenantSuspended(string Reason) : DomainEvent("tenant.suspended");

public sealed record TenantResumed() : DomainEvent("tenant.resumed");

public sealed record TenantLimitsSet(TenantLimits Before, TenantLimits After) : DomainEvent("tenant.limits_set");

public sealed record InvitationSentAgain(DateTimeOffset ExpiresAt) : DomainEvent("invitation.sent_again");

public sealed record TokenIssued(UserId Owner, ImmutableArray<Role>? Roles, DateTimeOffset ExpiresAt) : DomainEvent("token.issued");

public sealed record TokenRevoked() : DomainEvent("token.revoked");

public sealed record ServiceAccountCreated(ImmutableArray<Role> Roles) : DomainEvent("service_account.created");

/// <summary>Somebody tried what her roles do not allow.</summary>
public sealed record AttemptRefused(string Permission, ImmutableArray<Role> Needed) : DomainEvent("access.attempt_refused");

/// <summary>What Access events are about.</summary>
internal static class Subjects
{
    public const string MemberKind = "member";
    public const string TokenKind = "token";
    public const string TenantKind = "tenant";

    public static Subject Member(UserId user, string name, ScopeId? scope = null) => new(MemberKind, user.ToString(), name, scope);

    public static Subject Token(TokenId id, string name) => new(TokenKind, id.ToString(), name, null);

    public static Subject Invitation(InvitationId id, string email) => new("invitation", id.ToString(), email, null);

    public static Subject Tenant(TenantId id, string name) => new(TenantKind, id.ToString(), name, null);

    public static Subject Permission(Permission permission, ScopeId? scope) => new("permission", permission.Name, permission.Name, scope);
}
