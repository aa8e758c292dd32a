using MlOpsPortal.Deployments;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Monitoring.Data;

/// <summary>A monitor: its settings are a document, changed by whoever saw the last version.</summary>
internal sealed class MonitorRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public MonitorId Id { get; set; }
    public DeploymentId DeploymentId { get; set; }
    public ProjectId ProjectId { get; set; }

    /// <summary>NFC, case-folded.</summary>
    public required string NameKey { get; set; }

    /// <summary>Counts changes from 1.</summary>
    public long Version { get; set; }

    /// <summary><see cref="Monitors.EndpointMonitor"/> as jsonb.</summary>
    public required string Document { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? ArchivedAt { get; set; }

    /// <summary>What came before this time has been looked at: windows that ended, outcomes that were late.</summary>
    public DateTimeOffset? CaughtUpAt { get; set; }
}

/// <summary>A measured window: one row per monitor and window, replaced when it is measured again.</summary>
internal sealed class MonitorRunRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public MonitorRunId Id { get; set; }
    public MonitorId MonitorId { get; set; }
    public DeploymentId DeploymentId { get; set; }
    public DateTimeOffset WindowFrom { get; set; }
    public DateTimeOffset WindowTo { get; set; }
    public int Revision { get; set; }
    public long Rows { get; set; }
    public long Labelled { get; set; }
    public int? ModelVersion { get; set; }

    /// <summary><see cref="Monitors.ReferenceFacts"/> as jsonb.</summary>
    public required string Reference { get; set; }

    /// <summary><see cref="Monitors.Score"/>s as jsonb.</summary>
    public required string Scores { get; set; }

    /// <summary><see cref="Monitors.RunDetail"/> as jsonb.</summary>
    public required string Detail { get; set; }
    public DateTimeOffset ComputedAt { get; set; }
    public JobId? JobId { get; set; }
}

/// <summary>What really happened after a prediction, by the prediction's id. Every event time is kept; the last one wins.</summary>
internal sealed class ActualRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public DeploymentId DeploymentId { get; set; }
    public required string PredictionId { get; set; }

    /// <summary>When it happened, or became known.</summary>
    public DateTimeOffset EventAt { get; set; }

    /// <summary>1 for the positive class and 0 for another, or the number.</summary>
    public double Value { get; set; }

    /// <summary>When it came here, or was last corrected.</summary>
    public DateTimeOffset ReceivedAt { get; set; }
}
