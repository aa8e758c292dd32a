using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Projects.Kpis.Values;
using MlOpsPortal.Projects.Ledger;
using MlOpsPortal.Projects.Objectives;
using MlOpsPortal.Projects.Objectives.CheckIns;
using MlOpsPortal.Projects.Portfolio;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Projects.Data;

internal sealed class ProjectsDbContext(DbContextOptions<ProjectsDbContext> options, TenantId tenant) : TenantDbContext(options, tenant)
{
    public const string NameIndex = "ux_projects_name";

    public DbSet<ProjectRow> Projects => Set<ProjectRow>();

    public DbSet<KpiValueRow> KpiValues => Set<KpiValueRow>();

    protected override string Schema => "projects";

    protected override void OnModuleCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ProjectRow>(row =>
        {
            row.ToTable("projects");
            row.Property(project => project.Stage).HasConversion<string>();
            row.HasIndex(project => new { project.TenantId, project.NameKey }).IsUnique().HasFilter("archived_at IS NULL").HasDatabaseName(NameIndex);
            row.Property(project => project.NameKey).UseCollation("C");
        });
        modelBuilder.Entity<KpiValueRow>(row =>
        {
            row.ToTable("kpi_values");
            MapDated(row, KpiValueRow.Key);
            row.Property(value => value.Source).HasConversion<string>();
            row.Property(value => value.Inputs).HasColumnType("jsonb");
        });
        modelBuilder.Entity<CheckInRow>(row =>
        {
            row.ToTable("check_ins");
            MapDated(row, CheckInRow.Key);
            row.Property(checkIn => checkIn.Zone).HasConversion<string>();
        });
    }

    private static void MapDated<TRow>(EntityTypeBuilder<TRow> row, string key)
        where TRow : DatedRow
    {
        row.HasKey(dated => new { dated.TenantId, dated.Subject, dated.Date, dated.Revision }).HasName(key);
        row.HasIndex(dated => new { dated.TenantId, dated.ProjectId });
    }
}

internal sealed class ProjectRow : AggregateRow
{
    public string Name { get; set; } = "";
    public string NameKey { get; set; } = "";
    public string Summary { get; set; } = "";
    public Stage Stage { get; set; }

    /// <summary>How many tasks of its stages are open.</summary>
    public int OpenTasks { get; set; }
    public DateTimeOffset? ArchivedAt { get; set; }
}

internal sealed class ProjectDefinition : AggregateDefinition<ProjectRow, Project>
{
    /// <summary>2: key results have ids.</summary>
    public override int Schema => 2;

    public override IReadOnlyDictionary<string, Refusal> Taken { get; } =
        new Dictionary<string, Refusal>(StringComparer.Ordinal) { [ProjectsDbContext.NameIndex] = ProjectsErrors.NameTaken() };

    protected override JsonObject Upcast(JsonObject document, int schema)
    {
        if (schema != 1)
            return base.Upcast(document, schema);
        foreach (var objective in document["objectives"]?.AsArray().OfType<JsonObject>() ?? [])
        {
            var id = objective["id"]!.GetValue<string>(); // every objective has been saved with its id
            foreach (var (result, place) in objective["keyResults"]!.AsArray().OfType<JsonObject>().Select((result, place) => (result, place))) // and with its key results
                result["id"] = KeyResultId.Of(id, place).ToString();
        }

        return document;
    }

    public override Subject Subject(Guid id, Project state) => new("project", Id.Text(id), state.Name, new ScopeId(id));

    public override void Index(Project state, ProjectRow row)
    {
        row.Name = state.Name;
        row.NameKey = ProjectText.Key(state.Name);
        row.Summary = state.Summary;
        row.Stage = state.CurrentStage;
        row.OpenTasks = state.Tasks.Count(task => task.End is null);
        row.ArchivedAt = state.ArchivedAt;
    }
}
