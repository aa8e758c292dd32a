using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Deployments;
using MlOpsPortal.Monitoring.KpiTracking;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Monitoring.Data;

internal sealed class MonitoringDbContext(DbContextOptions<MonitoringDbContext> options, TenantId tenant) : TenantDbContext(options, tenant)
{
    public const string NameIndex = "ux_monitors_name";

    public DbSet<PredictionRow> Predictions => Set<PredictionRow>();

    public DbSet<ActualRow> Actuals => Set<ActualRow>();

    public DbSet<MonitorRow> Monitors => Set<MonitorRow>();

    public DbSet<MonitorRunRow> Runs => Set<MonitorRunRow>();

    public DbSet<KpiDefinitionRow> KpiDefinitions => Set<KpiDefinitionRow>();

    public DbSet<KpiRunRow> KpiRuns => Set<KpiRunRow>();

    public DbSet<AlertRuleRow> AlertRules => Set<AlertRuleRow>();

    public DbSet<AlertRow> Alerts => Set<AlertRow>();

    public DbSet<IncidentRow> Incidents => Set<IncidentRow>();

    protected override string Schema => "monitoring";

    protected override void OnModuleCreating(ModelBuilder modelBuilder)
    {
        KpiTables.Map(modelBuilder);
        AlertTables.Map(modelBuilder);
        modelBuilder.Entity<PredictionRow>(row =>
        {
            row.ToTable("predictions");
            row.HasKey(prediction => new { prediction.TenantId, prediction.DeploymentId, prediction.Day, prediction.PredictionId });
            row.Property(prediction => prediction.Features).HasColumnType("jsonb");
            row.HasIndex(prediction => new { prediction.TenantId, prediction.DeploymentId, prediction.OccurredAt });
        });
        modelBuilder.Entity<ActualRow>(row =>
        {
            row.ToTable("actuals");
            row.HasKey(actual => new { actual.TenantId, actual.DeploymentId, actual.PredictionId, actual.EventAt });
            row.HasIndex(actual => new { actual.TenantId, actual.DeploymentId, actual.EventAt });
            row.HasIndex(actual => new { actual.TenantId, actual.DeploymentId, actual.ReceivedAt });
        });
        modelBuilder.Entity<MonitorRow>(row =>
        {
            row.ToTable("monitors");
            row.HasKey(monitor => new { monitor.TenantId, monitor.Id });
            row.Property(monitor => monitor.Version).IsConcurrencyToken();
            row.Property(monitor => monitor.Document).HasColumnType("jsonb");
            row.Property(monitor => monitor.NameKey).UseCollation("C");
            row.HasIndex(monitor => new { monitor.TenantId, monitor.DeploymentId, monitor.NameKey }).IsUnique().HasFilter("archived_at IS NULL").HasDatabaseName(NameIndex);
            row.HasIndex(monitor => new { monitor.TenantId, monitor.ProjectId });
        });
        modelBuilder.Entity<MonitorRunRow>(row =>
        {
            row.ToTable("monitor_runs");
            row.HasKey(run => new { run.TenantId, run.Id });
            row.Property(run => run.Reference).HasColumnType("jsonb");
            row.Property(run => run.Scores).HasColumnType("jsonb");
            row.Property(run => run.Detail).HasColumnType("jsonb");
            row.HasIndex(run => new { run.TenantId, run.MonitorId, run.WindowFrom, run.WindowTo }).IsUnique();
            row.HasIndex(run => new { run.TenantId, run.DeploymentId, run.WindowTo });
        });
    }
}

/// <summary>One answer that was given. The table is partitioned by <see cref="Day"/>; its partitions are made on demand.</summary>
internal sealed class PredictionRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public DeploymentId DeploymentId { get; set; }

    /// <summary>UTC day of <see cref="OccurredAt"/>.</summary>
    public DateOnly Day { get; set; }

    /// <summary>The caller's or the portal's.</summary>
    public required string PredictionId { get; set; }
    public DateTimeOffset OccurredAt { get; set; }
    public DateTimeOffset LoggedAt { get; set; }

    /// <summary>Number of the model version; null for the off-switch's fallback.</summary>
    public int? Version { get; set; }

    /// <summary>Probability of the positive class, or the value.</summary>
    public double Output { get; set; }
    public string? Label { get; set; }

    /// <summary>-1 when it was not scored here.</summary>
    public int LatencyMicroseconds { get; set; }

    /// <summary>JSON object by feature name.</summary>
    public required string Features { get; set; }
}
