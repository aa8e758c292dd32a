using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Tracking.Artifacts;
using MlOpsPortal.Tracking.LoggedModels;

namespace MlOpsPortal.Tracking.Data;

internal sealed class TrackingDbContext(DbContextOptions<TrackingDbContext> options, TenantId tenant) : TenantDbContext(options, tenant)
{
    public const string SchemaName = "tracking";

    public DbSet<ArtifactRow> Artifacts => Set<ArtifactRow>();

    public DbSet<DeletedArtifactRow> DeletedArtifacts => Set<DeletedArtifactRow>();

    public DbSet<ArtifactPinRow> ArtifactPins => Set<ArtifactPinRow>();

    public DbSet<ArtifactUploadRow> ArtifactUploads => Set<ArtifactUploadRow>();

    public DbSet<ArtifactPartRow> ArtifactParts => Set<ArtifactPartRow>();

    public DbSet<LoggedModelRow> LoggedModels => Set<LoggedModelRow>();

    public DbSet<LoggedModelParamRow> LoggedModelParams => Set<LoggedModelParamRow>();

    public DbSet<LoggedModelTagRow> LoggedModelTags => Set<LoggedModelTagRow>();

    public DbSet<LoggedModelMetricRow> LoggedModelMetrics => Set<LoggedModelMetricRow>();
    public DbSet<ExperimentRow> Experiments => Set<ExperimentRow>();

    public DbSet<ExperimentTagRow> ExperimentTags => Set<ExperimentTagRow>();

    public DbSet<RunRow> Runs => Set<RunRow>();

    protected override string Schema => SchemaName;

    protected override void OnModuleCreating(ModelBuilder modelBuilder)
    {
        ArtifactTables.Map(modelBuilder);
        LoggedModelTables.Map(modelBuilder);
        ExperimentTables.Map(modelBuilder);
        RunTables.Map(modelBuilder);
        InputTables.Map(modelBuilder);
    }
}
