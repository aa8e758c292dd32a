using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Datasets.Catalog;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;

namespace MlOpsPortal.Datasets.Data;

internal sealed class DatasetsDbContext(DbContextOptions<DatasetsDbContext> options, TenantId tenant) : TenantDbContext(options, tenant)
{
    public const string NameIndex = "ux_datasets_name";

    public DbSet<DatasetRow> Datasets => Set<DatasetRow>();

    public DbSet<VersionDocumentRow> Documents => Set<VersionDocumentRow>();

    public DbSet<QualityRow> Quality => Set<QualityRow>();

    protected override string Schema => "datasets";

    protected override void OnModuleCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<DatasetRow>(row =>
        {
            row.ToTable("datasets");
            row.HasIndex(dataset => new { dataset.TenantId, dataset.ProjectId, dataset.NameKey }).IsUnique().HasFilter("archived_at IS NULL").HasDatabaseName(NameIndex);
            row.Property(dataset => dataset.NameKey).UseCollation("C");
            row.Property(dataset => dataset.LatestState).HasConversion<string>();
        });
        modelBuilder.Entity<VersionDocumentRow>(row =>
        {
            row.ToTable("version_documents");
            row.HasKey(document => new { document.TenantId, document.DatasetId, document.Number });
            row.Property(document => document.Document).HasColumnType("jsonb");
        });
        modelBuilder.Entity<QualityRow>(row =>
        {
            row.ToTable("quality");
            row.HasKey(quality => new { quality.TenantId, quality.Id });
            row.HasIndex(quality => new { quality.TenantId, quality.DatasetId, quality.Number, quality.At });
            row.Property(quality => quality.Results).HasColumnType("jsonb");
        });
    }
}

internal sealed class DatasetRow : AggregateRow
{
    public Guid ProjectId { get; set; }
    public string Name { get; set; } = "";
    public string NameKey { get; set; } = "";
    public string Description { get; set; } = "";
    public string OwnerName { get; set; } = "";
    public int VersionCount { get; set; }

    /// <summary>Of the last version; null without any.</summary>
    public VersionState? LatestState { get; set; }

    /// <summary>Of the last version that is ready.</summary>
    public long? Rows { get; set; }
    public int? Columns { get; set; }
    public string Roles { get; set; } = "";
    public DateTimeOffset? ArchivedAt { get; set; }
}

/// <summary>Schema, profile and first rows of a version. Written once.</summary>
internal sealed class VersionDocumentRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public Guid DatasetId { get; set; }
    public int Number { get; set; }
    public required string Document { get; set; }
}

/// <summary>One check of one version. Written once; the newest counts.</summary>
internal sealed class QualityRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public Guid Id { get; set; }
    public Guid DatasetId { get; set; }
    public int Number { get; set; }
    public DateTimeOffset At { get; set; }
    public required string Results { get; set; }
}

internal sealed class DatasetDefinition : AggregateDefinition<DatasetRow, Dataset>
{
    public override IReadOnlyDictionary<string, Refusal> Taken { get; } =
        new Dictionary<string, Refusal>(StringComparer.Ordinal) { [DatasetsDbContext.NameIndex] = DatasetsErrors.NameTaken() };

    public override Subject Subject(Guid id, Dataset state) => new("dataset", Id.Text(id), state.Name, state.Project.Scope);

    public override void Index(Dataset state, DatasetRow row)
    {
        row.ProjectId = state.Project.Value;
        row.Name = state.Name;
        row.NameKey = DatasetText.Key(state.Name);
        row.Description = state.Description;
        row.OwnerName = state.OwnerName;
        row.VersionCount = state.Versions.Length;
        row.LatestState = state.Versions is [.., var last] ? last.State : null;
        row.Rows = state.LatestReady?.Rows;
        row.Columns = state.LatestReady?.Columns;
        row.Roles = string.Join(',', state.Versions.Where(version => version.State == VersionState.Ready && version.Role != DatasetRole.None).Select(version => version.Role).Distinct().Order());
        row.ArchivedAt = state.ArchivedAt;
    }
}
