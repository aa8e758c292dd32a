using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Tracking.Data;

namespace MlOpsPortal.Tracking.LoggedModels;

/// <summary>Where a logged model stands, by the number that MLflow gives it.</summary>
public enum LoggedModelStatus
{
    Unspecified = 0,
    Pending = 1,
    Ready = 2,
    UploadFailed = 3,
}

internal sealed class LoggedModelRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public LoggedModelId Id { get; set; }
    public ExperimentId ExperimentId { get; set; }
    public required string Name { get; set; }

    /// <summary>Free text of the client; null when it said none.</summary>
    public string? ModelType { get; set; }

    /// <summary>As the client wrote it: the run may be gone.</summary>
    public string? SourceRunId { get; set; }
    public LoggedModelStatus Status { get; set; }
    public string? StatusMessage { get; set; }

    /// <summary>Milliseconds since 1970, UTC, as searches compare them.</summary>
    public long CreatedMs { get; set; }
    public long UpdatedMs { get; set; }
    public DateTimeOffset? DeletedAt { get; set; }
    public UserId CreatedBy { get; set; }
}

internal sealed class LoggedModelParamRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public LoggedModelId ModelId { get; set; }
    public required string Key { get; set; }
    public required string Value { get; set; }
}

internal sealed class LoggedModelTagRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public LoggedModelId ModelId { get; set; }
    public required string Key { get; set; }
    public required string Value { get; set; }
}

/// <summary>A point that a run logged for a model. The first value at a place (time, step, run) stays, as in MLflow.</summary>
internal sealed class LoggedModelMetricRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public LoggedModelId ModelId { get; set; }
    public required string Key { get; set; }
    public long Step { get; set; }

    /// <summary>Milliseconds since 1970, UTC.</summary>
    public long Timestamp { get; set; }
    public RunId RunId { get; set; }

    /// <summary>NaN and infinities are values.</summary>
    public double Value { get; set; }

    /// <summary>Empty when the point is about no dataset.</summary>
    public string DatasetName { get; set; } = "";
    public string DatasetDigest { get; set; } = "";
}

internal static class LoggedModelTables
{
    public static void Map(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<LoggedModelRow>(row =>
        {
            row.ToTable("logged_models", TrackingDbContext.SchemaName);
            row.HasKey(model => new { model.TenantId, model.Id });
            row.Property(model => model.Status).HasConversion<short>();
            row.HasIndex(model => new { model.TenantId, model.ExperimentId, model.CreatedMs, model.Id }).IsDescending(false, false, true, false);
            row.HasIndex(model => new { model.TenantId, model.ExperimentId, model.Name });
            row.HasIndex(model => model.DeletedAt).HasFilter("deleted_at IS NOT NULL");
        });
        modelBuilder.Entity<LoggedModelParamRow>(row =>
        {
            row.ToTable("logged_model_params", TrackingDbContext.SchemaName);
            row.HasKey(param => new { param.TenantId, param.ModelId, param.Key });
        });
        modelBuilder.Entity<LoggedModelTagRow>(row =>
        {
            row.ToTable("logged_model_tags", TrackingDbContext.SchemaName);
            row.HasKey(tag => new { tag.TenantId, tag.ModelId, tag.Key });
        });
        modelBuilder.Entity<LoggedModelMetricRow>(row =>
        {
            row.ToTable("logged_model_metrics", TrackingDbContext.SchemaName);
            row.HasKey(metric => new { metric.TenantId, metric.ModelId, metric.Key, metric.Timestamp, metric.Step, metric.RunId });
        });
    }
}
