using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Access.Tenants;

/// <summary>A company that rents the portal.</summary>
public sealed class Tenant
{
    public TenantId Id { get; set; }

    /// <summary>In addresses: <c>/t/{slug}</c>. Unique, see <see cref="TenantSlug"/>.</summary>
    public required string Slug { get; set; }

    public required string Name { get; set; }

    public TenantState State { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

public enum TenantState
{
    Active,

    /// <summary>Nobody signs in and no token is accepted; nothing is deleted.</summary>
    Suspended,
}
