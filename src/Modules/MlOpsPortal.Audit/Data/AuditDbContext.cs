using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Audit.Comments;
using MlOpsPortal.Audit.Notifications;
using MlOpsPortal.Audit.Seals;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Audit.Data;

/// <summary>The trail is the platform's own table; what this module adds stands in schema <c>audit</c>.</summary>
internal sealed class AuditDbContext(DbContextOptions<AuditDbContext> options, TenantId tenant) : TenantDbContext(options, tenant)
{
    public DbSet<NotificationRow> Notifications => Set<NotificationRow>();

    public DbSet<MailWishRow> MailWishes => Set<MailWishRow>();

    public DbSet<CommentRow> Comments => Set<CommentRow>();

    public DbSet<SealRow> Seals => Set<SealRow>();

    protected override string Schema => "audit";

    protected override void OnModuleCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<NotificationRow>(row =>
        {
            row.ToTable("notifications");
            row.HasKey(notification => new { notification.TenantId, notification.UserId, notification.Id });
            row.HasIndex(notification => new { notification.TenantId, notification.UserId, notification.EventId }).IsUnique();
            row.HasIndex(notification => new { notification.TenantId, notification.UserId }).HasFilter("read_at IS NULL").HasDatabaseName("ix_notifications_unread");
        });
        modelBuilder.Entity<MailWishRow>(row =>
        {
            row.ToTable("mail_wishes");
            row.HasKey(wish => new { wish.TenantId, wish.UserId });
            row.Property(wish => wish.Wish).HasConversion<string>();
        });
        modelBuilder.Entity<SealRow>(row =>
        {
            row.ToTable("seals");
            row.HasKey(seal => new { seal.TenantId, seal.Sequence });
            row.HasIndex(seal => new { seal.TenantId, seal.EntryId }).IsUnique();
        });
        modelBuilder.Entity<CommentRow>(row =>
        {
            row.ToTable("comments");
            row.HasKey(comment => new { comment.TenantId, comment.Id });
            row.HasIndex(comment => new { comment.TenantId, comment.Scope, comment.SubjectKind, comment.SubjectId, comment.Id });
        });
    }
}
