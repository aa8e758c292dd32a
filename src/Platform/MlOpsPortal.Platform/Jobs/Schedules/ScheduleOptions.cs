using System.ComponentModel.DataAnnotations;

namespace MlOpsPortal.Platform.Jobs.Schedules;

/// <summary>Section <c>Schedules</c>.</summary>
public sealed class ScheduleOptions
{
    /// <summary>Nothing comes again sooner. Default 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MinInterval { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Schedules a tenant may have. Default 200.</summary>
    [Range(1, 100_000)]
    public int MostPerTenant { get; set; } = 200;

    /// <summary>How often a portal looks for what is due. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan Look { get; set; } = TimeSpan.FromSeconds(5);
}
