using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Platform.Links;

/// <summary>A long address below the tenant's, by the short code that stands for it.</summary>
public sealed class ShortLinkRow : ITenantRow
{
    public TenantId TenantId { get; set; }

    /// <summary>Follows from the address: the same address has the same code.</summary>
    public required string Code { get; set; }

    /// <summary>Path and query after <c>/t/{tenant}/</c>, escaped.</summary>
    public required string Address { get; set; }

    /// <summary>Who copied it first.</summary>
    public UserId UserId { get; set; }
    public DateTimeOffset MadeAt { get; set; }

    /// <summary>When it was last copied or opened, to the day.</summary>
    public DateTimeOffset UsedAt { get; set; }
}
