using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Tracking.Runs;

namespace MlOpsPortal.Tracking.Data;

internal sealed class RunRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public RunId Id { get; set; }

    /// <summary>Given by the database, in the order of creation; what the rows of a run carry.</summary>
    public long No { get; set; }
    public int ExperimentNo { get; set; }
    public required string Name { get; set; }

    /// <summary>As the client said it: an account of the machine that runs, not the portal's.</summary>
    public required string UserId { get; set; }
    public RunStatus Status { get; set; }

    /// <summary>Milliseconds since 1970 as the client said it; never changed, so that the values of a run carry it for searches.</summary>
    public long StartTime { get; set; }
    public long? EndTime { get; set; }
    public DateTimeOffset? DeletedAt { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public UserId CreatedBy { get; set; }
}

/// <summary>A parameter or a tag. It carries experiment and start of its run, so that one index finds the newest runs with a value.</summary>
internal abstract class RunTextRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public long RunNo { get; set; }
    public int KeyId { get; set; }
    public int ExperimentNo { get; set; }
    public long StartTime { get; set; }
    public required string Value { get; set; }

    /// <summary>The value's first characters, made by the database: what an index can hold of a value of 8,000.</summary>
    public string ValueStart { get; set; } = "";
}

internal sealed class ParamRow : RunTextRow;

internal sealed class TagRow : RunTextRow;

/// <summary>A point of a metric's history.</summary>
internal sealed class MetricRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public long RunNo { get; set; }
    public int KeyId { get; set; }
    public long Step { get; set; }

    /// <summary>Milliseconds since 1970.</summary>
    public long Timestamp { get; set; }
    public double Value { get; set; }
}

/// <summary>The point of each metric of a run that is greatest by step, then time, then value.</summary>
internal sealed class LatestMetricRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public long RunNo { get; set; }
    public int KeyId { get; set; }
    public int ExperimentNo { get; set; }
    public long StartTime { get; set; }
    public long Step { get; set; }
    public long Timestamp { get; set; }
    public double Value { get; set; }
}

internal static class RunTables
{
    /// <summary>Characters of a value that the search index holds.</summary>
    public const int ValueStartLength = 100;

    /// <summary>The value may go on behind what the search index holds of it.</summary>
    public const string IsLong = "length(value_start) = 100";

    public static void Map(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<RunRow>(row =>
        {
            row.ToTable("runs");
            row.HasKey(run => new { run.TenantId, run.Id });
            row.Property(run => run.No).UseIdentityAlwaysColumn();
            row.HasIndex(run => run.No).IsUnique();
            row.Property(run => run.Status).HasConversion<short>();
            row.HasIndex(run => new { run.ExperimentNo, run.StartTime, run.No }).IsDescending(false, true, false);
            row.HasIndex(run => new { run.ExperimentNo, run.Status, run.StartTime, run.No }).IsDescending(false, false, true, false);
            row.HasIndex(run => new { run.ExperimentNo, run.UserId, run.StartTime, run.No }).IsDescending(false, false, true, false);
            row.HasIndex(run => run.DeletedAt).HasFilter("deleted_at IS NOT NULL");
            row.Property(run => run.UserId).UseCollation(ExperimentTables.Bytes);
            row.Property(run => run.Name).UseCollation(ExperimentTables.Bytes);
        });
        MapText(modelBuilder.Entity<ParamRow>(), "params");
        MapText(modelBuilder.Entity<TagRow>(), "tags");
        modelBuilder.Entity<MetricRow>(row =>
        {
            row.ToTable("metrics");
            // NaN equals NaN in PostgreSQL: the same point again is the same row.
            row.HasKey(metric => new { metric.RunNo, metric.KeyId, metric.Step, metric.Timestamp, metric.Value });
        });
        modelBuilder.Entity<LatestMetricRow>(row =>
        {
            row.ToTable("latest_metrics");
            row.HasKey(metric => new { metric.RunNo, metric.KeyId });
            row.HasIndex(metric => new { metric.TenantId, metric.ExperimentNo, metric.KeyId, metric.Value, metric.StartTime, metric.RunNo }).IsDescending(false, false, false, false, true, false);
        });
    }

    private static void MapText<TRow>(EntityTypeBuilder<TRow> row, string table)
        where TRow : RunTextRow
    {
        row.ToTable(table);
        row.HasKey(text => new { text.RunNo, text.KeyId });
        row.Property(text => text.Value).UseCollation(ExperimentTables.Bytes);
        row.Property(text => text.ValueStart).UseCollation(ExperimentTables.Bytes).HasComputedColumnSql($"left(value, {ValueStartLength})", stored: true);
        row.HasIndex(text => new { text.TenantId, text.ExperimentNo, text.KeyId, text.ValueStart, text.StartTime, text.RunNo }).IsDescending(false, false, false, false, true, false);
        row.HasIndex(text => new { text.TenantId, text.ExperimentNo, text.KeyId }).HasFilter(IsLong).HasDatabaseName($"ix_{table}_long");
    }
}
