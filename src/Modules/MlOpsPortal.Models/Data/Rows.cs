using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models.Data;

internal sealed class ModelRow : AggregateRow
{
    public ProjectId ProjectId { get; set; }
    public string Name { get; set; } = "";
    public string NameKey { get; set; } = "";
    public string Description { get; set; } = "";
    public MlTask Task { get; set; }

    /// <summary>Every version's id, so that a version is found without its model.</summary>
    public Guid[] VersionIds { get; set; } = [];
    public VersionState? LatestState { get; set; }
    public int? ChampionNumber { get; set; }
    public DateTimeOffset? ArchivedAt { get; set; }
}

internal sealed class ReleaseRow : AggregateRow
{
    public ProjectId ProjectId { get; set; }
    public ModelId ModelId { get; set; }
    public ModelVersionId VersionId { get; set; }
    public ReleaseEnvironment Environment { get; set; }
    public ReleaseState State { get; set; }
}

/// <summary>When an exported file counts as unlike its library; one per tenant, absent for the defaults.</summary>
internal sealed class FidelityRuleRow : ITenantRow
{
    public TenantId TenantId { get; set; }

    /// <summary>In probability; of a regression's target in standard deviations.</summary>
    public double Tolerance { get; set; }

    /// <summary>Share of rows, 0..1.</summary>
    public double RefuseAboveShare { get; set; }
    public UserId SetBy { get; set; }
    public DateTimeOffset SetAt { get; set; }
}
