using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Tracking.Data;

internal sealed class ExperimentRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public ExperimentId Id { get; set; }

    /// <summary>Given by the database; what runs and their values carry, because it is narrow.</summary>
    public int No { get; set; }
    public ProjectId ProjectId { get; set; }
    public required string Name { get; set; }
    public required string ArtifactLocation { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Its runs count as deleted with it.</summary>
    public DateTimeOffset? DeletedAt { get; set; }
}

internal sealed class ExperimentTagRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public ExperimentId ExperimentId { get; set; }
    public required string Key { get; set; }
    public required string Value { get; set; }
}

/// <summary>The name of a metric, a parameter or a tag: rows carry its number.</summary>
internal sealed class KeyRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public int Id { get; set; }
    public required string Name { get; set; }
}

internal static class ExperimentTables
{
    public const string NameIndex = "ux_experiments_name";
    public const string PrimaryKey = "pk_experiments";

    /// <summary>Byte order: names that differ in anything are different names, as in MLflow.</summary>
    public const string Bytes = "C";

    public static void Map(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ExperimentRow>(row =>
        {
            row.ToTable("experiments");
            row.HasKey(experiment => new { experiment.TenantId, experiment.Id }).HasName(PrimaryKey);
            row.Property(experiment => experiment.No).UseIdentityAlwaysColumn();
            row.HasIndex(experiment => experiment.No).IsUnique();
            row.HasIndex(experiment => new { experiment.TenantId, experiment.Name }).IsUnique().HasFilter("deleted_at IS NULL").HasDatabaseName(NameIndex);
            row.HasIndex(experiment => new { experiment.TenantId, experiment.CreatedAt, experiment.Id });
            row.HasIndex(experiment => experiment.DeletedAt).HasFilter("deleted_at IS NOT NULL");
            row.Property(experiment => experiment.Name).UseCollation(Bytes);
        });
        modelBuilder.Entity<ExperimentTagRow>(row =>
        {
            row.ToTable("experiment_tags");
            row.HasKey(tag => new { tag.TenantId, tag.ExperimentId, tag.Key });
            row.Property(tag => tag.Key).UseCollation(Bytes);
        });
        modelBuilder.Entity<KeyRow>(row =>
        {
            row.ToTable("keys");
            row.HasKey(key => key.Id);
            row.Property(key => key.Id).UseIdentityAlwaysColumn();
            row.HasIndex(key => new { key.TenantId, key.Name }).IsUnique();
            row.Property(key => key.Name).UseCollation(Bytes);
        });
    }
}
