using System.ComponentModel.DataAnnotations;

namespace MlOpsPortal.Deployments;

/// <summary>Section <c>Portal</c>: where this process keeps what must outlive it on this machine.</summary>
public sealed class PortalFolderOptions
{
    /// <summary>Holds the spool and copies of model files. Required; one process at a time uses it.</summary>
    [Required]
    public string DataFolder { get; set; } = "";
}

/// <summary>Section <c>Serving</c>.</summary>
public sealed class ServingOptions
{
    /// <summary>How long one request may score. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a release may take to be fetched, loaded and warmed. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:30:00")]
    public TimeSpan LoadTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Predictions that may wait on disk for the database. Default 100,000.</summary>
    [Range(1, 10_000_000)]
    public int SpoolRecords { get; set; } = 100_000;

    /// <summary>Bytes that may wait on disk for the database. Default 256 MiB.</summary>
    [Range(4096, 64L * 1024 * 1024 * 1024)]
    public long SpoolBytes { get; set; } = 256L * 1024 * 1024;
}
