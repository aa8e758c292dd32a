using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Models;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Projects;
using ReleaseEnvironment = MlOpsPortal.Models.Approvals.ReleaseEnvironment;

namespace MlOpsPortal.Deployments.Data;

internal sealed class DeploymentsDbContext(DbContextOptions<DeploymentsDbContext> options, TenantId tenant) : TenantDbContext(options, tenant)
{
    public const string NameIndex = "ux_deployments_name";

    public DbSet<DeploymentRow> Deployments => Set<DeploymentRow>();

    public DbSet<TrafficRow> Traffic => Set<TrafficRow>();

    protected override string Schema => "deployments";

    protected override void OnModuleCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<DeploymentRow>(row =>
        {
            row.ToTable("deployments");
            row.Property(deployment => deployment.Environment).HasConversion<string>();
            row.Property(deployment => deployment.Name).UseCollation("C");
            row.HasIndex(deployment => new { deployment.TenantId, deployment.Name }).IsUnique().HasFilter("archived_at IS NULL").HasDatabaseName(NameIndex);
            row.HasIndex(deployment => new { deployment.TenantId, deployment.ProjectId });
        });
        modelBuilder.Entity<TrafficRow>(row =>
        {
            row.ToTable("traffic");
            row.HasKey(traffic => new { traffic.TenantId, traffic.DeploymentId, traffic.Minute, traffic.ProcessId });
        });
    }
}

internal sealed class DeploymentRow : AggregateRow
{
    public ProjectId ProjectId { get; set; }
    public string Name { get; set; } = "";
    public ReleaseEnvironment Environment { get; set; }
    public ModelId ModelId { get; set; }
    public int? LiveVersion { get; set; }
    public bool IsOff { get; set; }
    public bool IsLoading { get; set; }
    public DateTimeOffset? ArchivedAt { get; set; }
}

/// <summary>What one process saw of one deployment in one minute.</summary>
internal sealed class TrafficRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public DeploymentId DeploymentId { get; set; }

    /// <summary>UTC, its beginning.</summary>
    public DateTimeOffset Minute { get; set; }
    public Guid ProcessId { get; set; }
    public long Requests { get; set; }
    public long Rows { get; set; }

    /// <summary>4xx: the caller's.</summary>
    public long BadInput { get; set; }

    /// <summary>503 and 507: switched off, nothing live, no room to log.</summary>
    public long Unavailable { get; set; }

    /// <summary>504.</summary>
    public long TimedOut { get; set; }

    /// <summary>Everything else: the model's or ours.</summary>
    public long Failed { get; set; }

    /// <summary>Predictions that were answered and not logged.</summary>
    public long Dropped { get; set; }

    /// <summary>Counts of answered requests by <see cref="Serving.Traffic.LatencyHistogram"/> bucket.</summary>
    public long[] Latency { get; set; } = [];
}

internal sealed class DeploymentDefinition : AggregateDefinition<DeploymentRow, Deployment>
{
    public override IReadOnlyDictionary<string, Refusal> Taken { get; } =
        new Dictionary<string, Refusal>(StringComparer.Ordinal) { [DeploymentsDbContext.NameIndex] = DeploymentsErrors.NameTaken() };

    public override Subject Subject(Guid id, Deployment state) => new(DeploymentSubject.Kind, Id.Text(id), state.Name, state.Project.Scope);

    public override void Index(Deployment state, DeploymentRow row)
    {
        row.ProjectId = state.Project;
        row.Name = state.Name;
        row.Environment = state.Environment;
        row.ModelId = state.Model;
        row.LiveVersion = state.Live?.Version.Number;
        row.IsOff = state.Off is not null;
        row.IsLoading = state.Loading is not null;
        row.ArchivedAt = state.ArchivedAt;
    }
}

internal static class DeploymentSubject
{
    public const string Kind = "deployment";
}
