using System.Collections.Immutable;
using MlOpsPortal.Platform.Idempotency;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Platform.Tenancy;

/// <summary>Who asks, in which tenant. Every use case takes it first; nothing else says whose data is meant.</summary>
/// <param name="Tenant">The tenant that the sign-in or the token is for.</param>
/// <param name="User">The account; for the portal's own work <see cref="PortalUser"/>.</param>
/// <param name="Name">As audit rows and pages show the person.</param>
public sealed partial record Caller(TenantId Tenant, UserId User, string Name)
{
    /// <summary>The portal itself: schedules, sweepers and jobs that nobody in particular started.</summary>
    public static readonly UserId PortalUser = new(new Guid("00000000-0000-7000-8000-000000000001"));

    /// <summary>Present when the request came with an <c>Idempotency-Key</c>: stored with the change that it causes.</summary>
    public IdempotencyKey? Idempotency { get; init; }

    /// <summary>Present when the request came with a token that was given fewer roles than its owner has: no others count.</summary>
    public ImmutableHashSet<Role>? OnlyRoles { get; init; }

    public string? TraceId { get; init; }

    public bool IsPortal => User == PortalUser;

    public static Caller Portal(TenantId tenant) => new(tenant, PortalUser, "MlOpsPortal");
}
