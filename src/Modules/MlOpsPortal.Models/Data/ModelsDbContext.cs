using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Models.Evaluation.Breakdown;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Models.Data;

internal sealed class ModelsDbContext(DbContextOptions<ModelsDbContext> options, TenantId tenant) : TenantDbContext(options, tenant)
{
    public const string NameIndex = "ux_models_name";
    public const string OpenReleaseIndex = "ux_release_requests_open";

    public DbSet<ModelRow> Models => Set<ModelRow>();

    public DbSet<EvaluationRow> Evaluations => Set<EvaluationRow>();

    public DbSet<BreakdownRow> Breakdowns => Set<BreakdownRow>();

    public DbSet<ReleaseRow> Releases => Set<ReleaseRow>();

    public DbSet<FidelityRuleRow> FidelityRules => Set<FidelityRuleRow>();

    protected override string Schema => "models";

    protected override void OnModuleCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ModelRow>(row =>
        {
            row.ToTable("models");
            row.Property(model => model.Task).HasConversion<string>();
            row.Property(model => model.LatestState).HasConversion<string>();
            row.Property(model => model.NameKey).UseCollation("C");
            row.HasIndex(model => new { model.TenantId, model.ProjectId, model.NameKey }).IsUnique().HasFilter("archived_at IS NULL").HasDatabaseName(NameIndex);
            row.HasIndex(model => model.VersionIds).HasMethod("gin");
        });
        modelBuilder.Entity<EvaluationRow>(row =>
        {
            row.ToTable("evaluations");
            row.HasKey(evaluation => new { evaluation.TenantId, evaluation.Id });
            row.Property(evaluation => evaluation.State).HasConversion<string>();
            row.Property(evaluation => evaluation.Task).HasConversion<string>();
            row.Property(evaluation => evaluation.DatasetRole).HasConversion<string>();
            row.Property(evaluation => evaluation.Report).HasColumnType("jsonb");
            row.Property(evaluation => evaluation.Refusal).HasColumnType("jsonb");
            row.HasIndex(evaluation => new { evaluation.TenantId, evaluation.VersionId, evaluation.DatasetId, evaluation.DatasetNumber });
            row.HasIndex(evaluation => new { evaluation.TenantId, evaluation.DatasetId, evaluation.DatasetNumber });
            row.HasIndex(evaluation => new { evaluation.TenantId, evaluation.ProjectId, evaluation.State });
        });
        modelBuilder.Entity<BreakdownRow>(row =>
        {
            row.ToTable("evaluation_breakdowns");
            row.HasKey(breakdown => new { breakdown.TenantId, breakdown.EvaluationId });
            row.Property(breakdown => breakdown.Document).HasColumnType("jsonb");
        });
        modelBuilder.Entity<ReleaseRow>(row =>
        {
            row.ToTable("release_requests");
            row.Property(release => release.State).HasConversion<string>();
            row.Property(release => release.Environment).HasConversion<string>();
            row.HasIndex(release => new { release.TenantId, release.VersionId, release.Environment }).IsUnique().HasFilter("state = 'Requested'").HasDatabaseName(OpenReleaseIndex);
            row.HasIndex(release => new { release.TenantId, release.ProjectId, release.State });
        });
        modelBuilder.Entity<FidelityRuleRow>(row =>
        {
            row.ToTable("fidelity_rules");
            row.HasKey(rule => rule.TenantId);
        });
    }
}
