using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Platform.Uploads;

/// <summary>A file on its way in, block by block.</summary>
internal sealed class UploadRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public UploadId Id { get; set; }
    public UserId OwnerId { get; set; }
    public BlobId BlobId { get; set; }
    public required string FileName { get; set; }

    /// <summary>Announced length in bytes.</summary>
    public long Length { get; set; }

    /// <summary>Announced SHA-256 of the whole, lower-case hex.</summary>
    public required string Sha256 { get; set; }
    public UploadState State { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>One block that has arrived.</summary>
internal sealed class UploadBlockRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public UploadId UploadId { get; set; }
    public int Number { get; set; }
    public int Length { get; set; }
    public required string Sha256 { get; set; }
}

/// <summary>Where a file is on its way in.</summary>
public enum UploadState
{
    Receiving,
    Complete,
    Taken,
}
