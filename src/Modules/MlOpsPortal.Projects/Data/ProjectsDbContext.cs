using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Projects.Portfolio;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Projects.Data;

internal sealed class ProjectsDbContext(DbContextOptions<ProjectsDbContext> options, TenantId tenant) : TenantDbContext(options, tenant)
{
    public const string NameIndex = "ux_projects_name";

    public DbSet<ProjectRow> Projects => Set<ProjectRow>();

    protected override string Schema => "projects";

    protected override void OnModuleCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<ProjectRow>(row =>
    {
        row.ToTable("projects");
        row.Property(project => project.Stage).HasConversion<string>();
        row.HasIndex(project => new { project.TenantId, project.NameKey }).IsUnique().HasFilter("archived_at IS NULL").HasDatabaseName(NameIndex);
        row.Property(project => project.NameKey).UseCollation("C");
    });
}

internal sealed class ProjectRow : AggregateRow
{
    public string Name { get; set; } = "";
    public string NameKey { get; set; } = "";
    public string Summary { get; set; } = "";
    public Stage Stage { get; set; }
    public DateTimeOffset? ArchivedAt { get; set; }
}

internal sealed class ProjectDefinition : AggregateDefinition<ProjectRow, Project>
{
    public override IReadOnlyDictionary<string, Refusal> Taken { get; } =
        new Dictionary<string, Refusal>(StringComparer.Ordinal) { [ProjectsDbContext.NameIndex] = ProjectsErrors.NameTaken() };

    public override Subject Subject(Guid id, Project state) => new("project", Id.Text(id), state.Name, new ScopeId(id));

    public override void Index(Project state, ProjectRow row)
    {
        row.Name = state.Name;
        row.NameKey = ProjectText.Key(state.Name);
        row.Summary = state.Summary;
        row.Stage = state.CurrentStage;
        row.ArchivedAt = state.ArchivedAt;
    }
}
