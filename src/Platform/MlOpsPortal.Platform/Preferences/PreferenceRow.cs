using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Platform.Preferences;

/// <summary>How somebody likes to see something.</summary>
public sealed class PreferenceRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public UserId UserId { get; set; }

    /// <summary>What is preferred of which thing: "columns:{experiment}".</summary>
    public required string Name { get; set; }
    public required string Value { get; set; }
    public DateTimeOffset SavedAt { get; set; }
}
