using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Drafts;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Links;
using MlOpsPortal.Platform.Preferences;
using MlOpsPortal.Platform.Uploads;

namespace MlOpsPortal.Platform.Data;

/// <summary>The shared tables and the uploads under way.</summary>
public sealed class PlatformDbContext(DbContextOptions<PlatformDbContext> options, TenantId tenant) : TenantDbContext(options, tenant)
{
    internal DbSet<UploadRow> Uploads => Set<UploadRow>();

    internal DbSet<UploadBlockRow> UploadBlocks => Set<UploadBlockRow>();

    internal DbSet<DraftRow> Drafts => Set<DraftRow>();

    internal DbSet<ShortLinkRow> ShortLinks => Set<ShortLinkRow>();

    internal DbSet<PreferenceRow> Preferences => Set<PreferenceRow>();

    protected override string Schema => SharedTables.Schema;

    protected override bool OwnsSharedTables => true;

    protected override void OnModuleCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<UploadRow>(row =>
        {
            row.ToTable("uploads");
            row.HasKey(upload => new { upload.TenantId, upload.Id });
            row.HasIndex(upload => upload.ExpiresAt);
        });
        modelBuilder.Entity<UploadBlockRow>(row =>
        {
            row.ToTable("upload_blocks");
            row.HasKey(block => new { block.TenantId, block.UploadId, block.Number });
        });
        modelBuilder.Entity<DraftRow>(row =>
        {
            row.ToTable("drafts");
            row.HasKey(draft => new { draft.TenantId, draft.UserId, draft.FormKey });
            row.Property(draft => draft.Fields).HasColumnType("jsonb");
        });
        modelBuilder.Entity<ShortLinkRow>(row =>
        {
            row.ToTable("short_links");
            row.HasKey(link => new { link.TenantId, link.Code });
            row.HasIndex(link => new { link.TenantId, link.UserId, link.UsedAt });
        });
        modelBuilder.Entity<PreferenceRow>(row =>
        {
            row.ToTable("preferences");
            row.HasKey(preference => new { preference.TenantId, preference.UserId, preference.Name });
        });
        modelBuilder.Entity<KeyRing.KeyRow>(row =>
        {
            row.ToTable("data_protection_keys");
            row.HasKey(key => key.Id);
        });
    }
}
