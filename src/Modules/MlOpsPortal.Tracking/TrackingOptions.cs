using System.ComponentModel.DataAnnotations;

namespace MlOpsPortal.Tracking;

/// <summary>Section <c>Tracking</c>.</summary>
public sealed class TrackingOptions
{
    /// <summary>How long deleted experiments and runs can be restored, days. 1 to 3,650, default 30.</summary>
    [Range(1, 3_650)]
    public int RestoreDays { get; set; } = 30;

    internal TimeSpan RestoreWindow => TimeSpan.FromDays(RestoreDays);
}
