using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Tracking.Data;

/// <summary>A dataset as a run's client describes it; nothing of the portal's own datasets.</summary>
internal sealed class RunDatasetRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public long No { get; set; }
    public int ExperimentNo { get; set; }
    public required string Name { get; set; }
    public required string Digest { get; set; }
    public required string SourceType { get; set; }
    public required string Source { get; set; }
    public string? Schema { get; set; }
    public string? Profile { get; set; }
}

/// <summary>A run read a dataset.</summary>
internal sealed class DatasetInputRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public long RunNo { get; set; }
    public long DatasetNo { get; set; }
    public long StartTime { get; set; }

    /// <summary>Place among the run's inputs.</summary>
    public int Position { get; set; }
    public string[] TagKeys { get; set; } = [];
    public string[] TagValues { get; set; } = [];

    /// <summary>What it was read for, from its tag <c>mlflow.data.context</c>.</summary>
    public string? Context { get; set; }
}

/// <summary>A run read or wrote a logged model.</summary>
internal sealed class RunModelRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public long RunNo { get; set; }
    public bool IsOutput { get; set; }

    /// <summary>As the client wrote it.</summary>
    public required string ModelId { get; set; }
    public long Step { get; set; }
}

internal static class InputTables
{
    public static void Map(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<RunDatasetRow>(row =>
        {
            row.ToTable("run_datasets");
            row.HasKey(dataset => dataset.No);
            row.Property(dataset => dataset.No).UseIdentityAlwaysColumn();
            row.HasIndex(dataset => new { dataset.TenantId, dataset.ExperimentNo, dataset.Name, dataset.Digest }).IsUnique();
            row.Property(dataset => dataset.Name).UseCollation(ExperimentTables.Bytes);
            row.Property(dataset => dataset.Digest).UseCollation(ExperimentTables.Bytes);
        });
        modelBuilder.Entity<DatasetInputRow>(row =>
        {
            row.ToTable("dataset_inputs");
            row.HasKey(input => new { input.RunNo, input.DatasetNo });
            row.HasIndex(input => new { input.TenantId, input.DatasetNo, input.StartTime, input.RunNo }).IsDescending(false, false, true, false);
        });
        modelBuilder.Entity<RunModelRow>(row =>
        {
            row.ToTable("run_models");
            row.HasKey(model => new { model.RunNo, model.IsOutput, model.ModelId });
            row.HasIndex(model => new { model.TenantId, model.ModelId });
        });
    }
}
