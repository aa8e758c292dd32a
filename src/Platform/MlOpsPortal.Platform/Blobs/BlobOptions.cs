using System.ComponentModel.DataAnnotations;

namespace MlOpsPortal.Platform.Blobs;

/// <summary>Section <c>Blobs</c>.</summary>
public sealed class BlobOptions
{
    /// <summary>Connection string of the storage account. Required.</summary>
    [Required(ErrorMessage = "Blobs:ConnectionString is not set: the storage account that holds tenants' files.")]
    public string ConnectionString { get; set; } = "";

    /// <summary>The container that holds every tenant's blobs; made at start if it is not there.</summary>
    [Required]
    [RegularExpression("^[a-z0-9](?:[a-z0-9]|-(?!-)){1,61}[a-z0-9]$")]
    public string Container { get; set; } = "mlopsportal";

    /// <summary>How old a blob without a row must be before it is swept. At least one hour, so that no upload under way is hit.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00")]
    public TimeSpan OrphanAge { get; set; } = TimeSpan.FromHours(24);
}
