using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Audit.Seals;

/// <summary>One link of a tenant's chain: the hash of an entry of the trail and of everything before it. Written by the portal's system role alone, never changed.</summary>
internal sealed class SealRow : ITenantRow
{
    public TenantId TenantId { get; set; }

    /// <summary>From 1, without gaps.</summary>
    public long Sequence { get; set; }
    public Guid EntryId { get; set; }

    /// <summary>SHA-256.</summary>
    public required byte[] Hash { get; set; }
    public DateTimeOffset SealedAt { get; set; }
}
