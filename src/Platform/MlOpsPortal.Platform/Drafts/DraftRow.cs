using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Platform.Drafts;

/// <summary>What somebody has typed into a form and not saved yet.</summary>
public sealed class DraftRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public UserId UserId { get; set; }

    /// <summary>Which form of which thing.</summary>
    public required string FormKey { get; set; }

    /// <summary>The fields by name, jsonb.</summary>
    public required string Fields { get; set; }
    public DateTimeOffset SavedAt { get; set; }
}
