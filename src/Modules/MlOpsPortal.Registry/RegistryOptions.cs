using System.ComponentModel.DataAnnotations;

namespace MlOpsPortal.Registry;

/// <summary>Settings of this module (section <c>Registry</c>).</summary>
public sealed class RegistryOptions
{
    /// <summary>How long something deleted can be restored; 1 to 3650 days, 30 by default.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan RestoreWindow { get; set; } = TimeSpan.FromDays(30);
}
