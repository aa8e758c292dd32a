using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Jobs.Schedules;
using MlOpsPortal.Platform.Mail;

namespace MlOpsPortal.Platform.Data;

/// <summary>The tables of schema <c>platform</c> that every module's context writes to, so that one transaction covers them.</summary>
internal static class SharedTables
{
    public const string Schema = "platform";
    public const string IdempotencyKey = "pk_idempotency";

    public static void Map(ModelBuilder modelBuilder, bool owned)
    {
        modelBuilder.Entity<AuditRow>(row =>
        {
            row.ToTable("audit", Schema, table => table.ExcludeFromMigrations(!owned));
            row.HasKey(audit => new { audit.TenantId, audit.Id });
            row.Property(audit => audit.Detail).HasColumnType("jsonb");
            row.HasIndex(audit => new { audit.TenantId, audit.SubjectId, audit.At });
            row.HasIndex(audit => new { audit.TenantId, audit.Scope, audit.At });
        });
        modelBuilder.Entity<OutboxRow>(row =>
        {
            row.ToTable("outbox", Schema, table => table.ExcludeFromMigrations(!owned));
            row.HasKey(outbox => outbox.Sequence);
            row.Property(outbox => outbox.Sequence).UseIdentityAlwaysColumn();
            row.Property(outbox => outbox.Data).HasColumnType("jsonb");
            row.HasIndex(outbox => outbox.Sequence, "ix_outbox_unsent").HasFilter("sent_at IS NULL").HasDatabaseName("ix_outbox_unsent");
            row.HasIndex(outbox => outbox.Sequence, "ix_outbox_untold").HasFilter("told_at IS NULL").HasDatabaseName("ix_outbox_untold");
        });
        modelBuilder.Entity<IdempotencyRow>(row =>
        {
            row.ToTable("idempotency", Schema, table => table.ExcludeFromMigrations(!owned));
            row.HasKey(entry => new { entry.TenantId, entry.UserId, entry.Key }).HasName(IdempotencyKey);
            row.Property(entry => entry.Answer).HasColumnType("jsonb");
            row.HasIndex(entry => entry.At);
        });
        modelBuilder.Entity<BlobRow>(row =>
        {
            row.ToTable("blobs", Schema, table => table.ExcludeFromMigrations(!owned));
            row.HasKey(blob => new { blob.TenantId, blob.Id });
        });
        modelBuilder.Entity<JobRow>(row =>
        {
            row.ToTable("jobs", Schema, table => table.ExcludeFromMigrations(!owned));
            row.HasKey(job => new { job.TenantId, job.Id });
            row.Property(job => job.State).HasConversion<string>();
            row.Property(job => job.Spec).HasColumnType("jsonb");
            row.Property(job => job.Steps).HasColumnType("jsonb").HasDefaultValueSql("'[]'::jsonb");
            row.Property(job => job.Result).HasColumnType("jsonb");
            row.Property(job => job.Refusal).HasColumnType("jsonb");
            row.HasIndex(job => new { job.TenantId, job.Scope, job.Id });
            row.HasIndex(job => new { job.TenantId, job.CreatedBy, job.Id });
            row.HasIndex(job => job.AvailableAt).HasFilter("state IN ('Queued', 'Running')").HasDatabaseName("ix_jobs_open");
        });
        modelBuilder.Entity<MailRow>(row =>
        {
            row.ToTable("mails", Schema, table => table.ExcludeFromMigrations(!owned));
            row.HasKey(mail => mail.Id);
            row.HasIndex(mail => mail.DueAt).HasFilter("text IS NOT NULL").HasDatabaseName("ix_mails_due");
        });
        modelBuilder.Entity<ScheduleRow>(row =>
        {
            row.ToTable("schedules", Schema, table => table.ExcludeFromMigrations(!owned));
            row.HasKey(schedule => new { schedule.TenantId, schedule.Id });
            row.Property(schedule => schedule.Spec).HasColumnType("jsonb");
            row.HasIndex(schedule => new { schedule.TenantId, schedule.Kind, schedule.SubjectId }).IsUnique();
            row.HasIndex(schedule => schedule.NextAt);
        });
    }
}
