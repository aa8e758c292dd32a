using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Tracking.Data;

namespace MlOpsPortal.Tracking.Artifacts;

/// <summary>A file of a run or a logged model: its path leads to a blob.</summary>
internal sealed class ArtifactRow : ITenantRow
{
    public TenantId TenantId { get; set; }

    /// <summary>The run's or the logged model's id.</summary>
    public Guid OwnerId { get; set; }

    /// <summary>An <see cref="ArtifactPath"/>, compared byte by byte.</summary>
    public required string Path { get; set; }
    public BlobId BlobId { get; set; }

    /// <summary>Bytes.</summary>
    public long Length { get; set; }

    /// <summary>SHA-256 of the content, lower-case hex.</summary>
    public required string Sha256 { get; set; }
    public DateTimeOffset At { get; set; }
    public UserId By { get; set; }
}

/// <summary>A file that was deleted and can be brought back for a while. Its blob stays as long as this row.</summary>
internal sealed class DeletedArtifactRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public Guid Id { get; set; }
    public Guid OwnerId { get; set; }
    public required string Path { get; set; }
    public BlobId BlobId { get; set; }
    public long Length { get; set; }
    public required string Sha256 { get; set; }
    public DateTimeOffset At { get; set; }
    public UserId By { get; set; }
    public DateTimeOffset DeletedAt { get; set; }
    public required string DeletedBy { get; set; }
}

/// <summary>A folder (or file) that a registered version stands on: nothing below it is written or deleted any more.</summary>
internal sealed class ArtifactPinRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public Guid OwnerId { get; set; }
    public required string Path { get; set; }

    /// <summary>Of all files below it: their paths and hashes, in order.</summary>
    public required string Sha256 { get; set; }
    public DateTimeOffset At { get; set; }
}

/// <summary>A file that comes in parts.</summary>
internal sealed class ArtifactUploadRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public Guid Id { get; set; }
    public Guid OwnerId { get; set; }
    public bool IsModel { get; set; }
    public required string Path { get; set; }
    public BlobId BlobId { get; set; }

    /// <summary>How many parts were announced.</summary>
    public int Parts { get; set; }
    public UserId By { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Set when it has become an artifact: completing it again is then answered as the first time.</summary>
    public bool Complete { get; set; }
}

/// <summary>A part that has arrived.</summary>
internal sealed class ArtifactPartRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public Guid UploadId { get; set; }

    /// <summary>From 1.</summary>
    public int Number { get; set; }

    /// <summary>Blocks of the blob that it became.</summary>
    public int Blocks { get; set; }

    /// <summary>Bytes.</summary>
    public long Length { get; set; }
}

internal static class ArtifactTables
{
    /// <summary>Byte order, in which what lies below a folder stands together.</summary>
    private const string Bytes = "C";

    public static void Map(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ArtifactRow>(row =>
        {
            row.ToTable("artifacts", TrackingDbContext.SchemaName);
            row.HasKey(artifact => new { artifact.TenantId, artifact.OwnerId, artifact.Path });
            row.Property(artifact => artifact.Path).UseCollation(Bytes);
        });
        modelBuilder.Entity<DeletedArtifactRow>(row =>
        {
            row.ToTable("deleted_artifacts", TrackingDbContext.SchemaName);
            row.HasKey(artifact => new { artifact.TenantId, artifact.Id });
            row.Property(artifact => artifact.Path).UseCollation(Bytes);
            row.HasIndex(artifact => new { artifact.TenantId, artifact.OwnerId, artifact.DeletedAt });
            row.HasIndex(artifact => artifact.DeletedAt);
        });
        modelBuilder.Entity<ArtifactPinRow>(row =>
        {
            row.ToTable("artifact_pins", TrackingDbContext.SchemaName);
            row.HasKey(pin => new { pin.TenantId, pin.OwnerId, pin.Path });
            row.Property(pin => pin.Path).UseCollation(Bytes);
        });
        modelBuilder.Entity<ArtifactUploadRow>(row =>
        {
            row.ToTable("artifact_uploads", TrackingDbContext.SchemaName);
            row.HasKey(upload => new { upload.TenantId, upload.Id });
            row.HasIndex(upload => upload.ExpiresAt);
        });
        modelBuilder.Entity<ArtifactPartRow>(row =>
        {
            row.ToTable("artifact_parts", TrackingDbContext.SchemaName);
            row.HasKey(part => new { part.TenantId, part.UploadId, part.Number });
        });
    }
}
