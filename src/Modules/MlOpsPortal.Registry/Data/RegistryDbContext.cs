using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Registry.Data;

internal sealed class RegistryDbContext(DbContextOptions<RegistryDbContext> options, TenantId tenant) : TenantDbContext(options, tenant)
{
    public const string NameIndex = "ux_registered_models_name";
    public const string OpenRequestIndex = "ux_move_requests_open";

    /// <summary>Names and keys compare byte by byte, as MLflow's do.</summary>
    private const string Bytes = "C";

    public DbSet<RegisteredModelRow> Models => Set<RegisteredModelRow>();

    public DbSet<VersionRow> Versions => Set<VersionRow>();

    public DbSet<AliasRow> Aliases => Set<AliasRow>();

    public DbSet<ModelTagRow> ModelTags => Set<ModelTagRow>();

    public DbSet<VersionTagRow> VersionTags => Set<VersionTagRow>();

    public DbSet<MovementRow> Movements => Set<MovementRow>();

    public DbSet<MoveRequestRow> Requests => Set<MoveRequestRow>();

    public DbSet<GovernanceRow> Governance => Set<GovernanceRow>();

    protected override string Schema => "registry";

    protected override void OnModuleCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<RegisteredModelRow>(row =>
        {
            row.ToTable("registered_models");
            row.HasKey(model => new { model.TenantId, model.Id });
            row.Property(model => model.Name).UseCollation(Bytes);
            row.HasIndex(model => new { model.TenantId, model.Name }).IsUnique().HasFilter("deleted_at IS NULL").HasDatabaseName(NameIndex);
            row.HasIndex(model => new { model.TenantId, model.UpdatedMs });
        });
        modelBuilder.Entity<VersionRow>(row =>
        {
            row.ToTable("model_versions");
            row.HasKey(version => new { version.TenantId, version.ModelId, version.Number });
            row.Property(version => version.Stage).HasConversion<string>();
            row.HasIndex(version => new { version.TenantId, version.UpdatedMs });
            row.HasIndex(version => new { version.TenantId, version.RunId });
            row.HasIndex(version => new { version.TenantId, version.LoggedModel });
            row.HasIndex(version => new { version.TenantId, version.PortalVersion });
        });
        modelBuilder.Entity<AliasRow>(row =>
        {
            row.ToTable("model_aliases");
            row.HasKey(alias => new { alias.TenantId, alias.ModelId, alias.Alias });
            row.Property(alias => alias.Alias).UseCollation(Bytes);
        });
        modelBuilder.Entity<ModelTagRow>(row =>
        {
            row.ToTable("model_tags");
            row.HasKey(tag => new { tag.TenantId, tag.ModelId, tag.Key });
            row.Property(tag => tag.Key).UseCollation(Bytes);
        });
        modelBuilder.Entity<VersionTagRow>(row =>
        {
            row.ToTable("version_tags");
            row.HasKey(tag => new { tag.TenantId, tag.ModelId, tag.Number, tag.Key });
            row.Property(tag => tag.Key).UseCollation(Bytes);
        });
        modelBuilder.Entity<MovementRow>(row =>
        {
            row.ToTable("movements");
            row.HasKey(movement => new { movement.TenantId, movement.Id });
            row.Property(movement => movement.Kind).HasConversion<string>();
            row.HasIndex(movement => new { movement.TenantId, movement.ModelId, movement.Id });
        });
        modelBuilder.Entity<MoveRequestRow>(row =>
        {
            row.ToTable("move_requests");
            row.HasKey(request => new { request.TenantId, request.Id });
            row.Property(request => request.Kind).HasConversion<string>();
            row.Property(request => request.State).HasConversion<string>();
            row.HasIndex(request => new { request.TenantId, request.ModelId, request.Kind, request.Name, request.Number }).IsUnique().HasFilter("state = 'Requested'").HasDatabaseName(OpenRequestIndex);
            row.HasIndex(request => new { request.TenantId, request.State, request.Id });
        });
        modelBuilder.Entity<GovernanceRow>(row =>
        {
            row.ToTable("governance");
            row.HasKey(rule => rule.TenantId);
        });
    }
}
