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

    /// <summary>What members read while it is suspended.</summary>
    public string? SuspendedBecause { get; set; }

    /// <summary>People and service accounts, those invited included; null: as many as they like. Likewise below.</summary>
    public int? MaxMembers { get; set; }

    /// <summary>Projects that are not archived.</summary>
    public int? MaxProjects { get; set; }

    /// <summary>Bytes of files.</summary>
    public long? MaxStorage { get; set; }

    /// <summary>Of the API, by tokens, per portal process.</summary>
    public int? MaxRequestsPerMinute { get; set; }
}

public enum TenantState
{
    Active,

    /// <summary>Nobody signs in and no token is accepted; nothing is deleted.</summary>
    Suspended,
}
