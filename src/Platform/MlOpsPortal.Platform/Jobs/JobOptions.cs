using System.ComponentModel.DataAnnotations;

namespace MlOpsPortal.Platform.Jobs;

/// <summary>Section <c>Jobs</c>.</summary>
public sealed class JobOptions
{
    /// <summary>Jobs that one portal process runs at the same time.</summary>
    [Range(1, 32)]
    public int Parallel { get; set; } = 2;

    /// <summary>Children at the same time, jobs' and those of a request that waits (a preview).</summary>
    [Range(1, 64)]
    public int Children { get; set; } = 4;

    /// <summary>Where children's folders are made. Room for the largest upload several times over is needed.</summary>
    [Required]
    public string ScratchFolder { get; set; } = Path.Combine(Path.GetTempPath(), "mlopsportal-jobs");

    /// <summary>How a child is started, arguments before <c>job</c>; empty for this program itself.</summary>
    public string[] Program { get; set; } = [];

    /// <summary>How often an idle worker looks for work.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan Poll { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A running job without a sign of life for this long is taken up again.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan HeartStopped { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a job is begun before it counts as failed.</summary>
    [Range(1, 10)]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>For so long after its beginning a job outlasts a database or a file store that is away: what fails meanwhile does not count as an attempt.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan AwayPatience { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The longest pause between two looks at what is away.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan AwayPause { get; set; } = TimeSpan.FromSeconds(30);
}
