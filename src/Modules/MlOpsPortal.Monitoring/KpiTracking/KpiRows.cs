using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Kpis;

namespace MlOpsPortal.Monitoring.KpiTracking;

/// <summary>One version of how a KPI is measured. Written once.</summary>
internal sealed class KpiDefinitionRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public KpiId KpiId { get; set; }
    public int Number { get; set; }
    public ProjectId ProjectId { get; set; }
    public int KpiVersion { get; set; }

    /// <summary><see cref="MeasurementSpec"/> as jsonb.</summary>
    public required string Spec { get; set; }
    public UserId CreatedBy { get; set; }
    public required string CreatedByName { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>One run. Written when it is asked for, and once more when it ends.</summary>
internal sealed class KpiRunRow : ITenantRow
{
    public TenantId TenantId { get; set; }

    /// <summary>Its job's id too.</summary>
    public KpiRunId Id { get; set; }
    public KpiId KpiId { get; set; }
    public ProjectId ProjectId { get; set; }
    public int Definition { get; set; }
    public KpiRunTrigger Trigger { get; set; }
    public KpiRunState State { get; set; }
    public DateOnly FromDay { get; set; }
    public DateOnly ToDay { get; set; }

    /// <summary>A list of <see cref="UsedInput"/> as jsonb.</summary>
    public string Inputs { get; set; } = "[]";

    /// <summary>A list of <see cref="PeriodOutcome"/> as jsonb.</summary>
    public string Outcomes { get; set; } = "[]";

    /// <summary>A <see cref="Platform.Errors.Refusal"/> as jsonb.</summary>
    public string? Fault { get; set; }
    public required string ByName { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
}

internal static class KpiTables
{
    public const string DefinitionKey = "pk_kpi_definitions";

    /// <summary>A KPI has one run under way at a time.</summary>
    public const string UnderWay = "ux_kpi_runs_under_way";

    public static void Map(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<KpiDefinitionRow>(row =>
        {
            row.ToTable("kpi_definitions");
            row.HasKey(definition => new { definition.TenantId, definition.KpiId, definition.Number });
            row.Property(definition => definition.Spec).HasColumnType("jsonb");
        });
        modelBuilder.Entity<KpiRunRow>(row =>
        {
            row.ToTable("kpi_runs");
            row.HasKey(run => new { run.TenantId, run.Id });
            row.Property(run => run.Trigger).HasConversion<string>();
            row.Property(run => run.State).HasConversion<string>();
            row.Property(run => run.Inputs).HasColumnType("jsonb");
            row.Property(run => run.Outcomes).HasColumnType("jsonb");
            row.Property(run => run.Fault).HasColumnType("jsonb");
            row.HasIndex(run => new { run.TenantId, run.KpiId, run.StartedAt });
            row.HasIndex(run => new { run.TenantId, run.KpiId }).IsUnique().HasFilter("ended_at IS NULL").HasDatabaseName(UnderWay);
        });
    }
}
