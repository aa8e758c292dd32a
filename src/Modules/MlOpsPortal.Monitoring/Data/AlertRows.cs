using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Deployments;
using MlOpsPortal.Monitoring.Alerts;
using MlOpsPortal.Monitoring.Incidents;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Monitoring.Data;

/// <summary>A rule of a monitor.</summary>
internal sealed class AlertRuleRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public AlertRuleId Id { get; set; }
    public MonitorId MonitorId { get; set; }
    public ProjectId ProjectId { get; set; }

    /// <summary>Counts changes from 1.</summary>
    public long Version { get; set; }

    /// <summary>Came with the monitor.</summary>
    public bool IsDefault { get; set; }
    public bool Enabled { get; set; }

    /// <summary><see cref="AlertRule"/> as jsonb.</summary>
    public required string Document { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>A rule that fired for one subject; at most one per rule and subject is not resolved.</summary>
internal sealed class AlertRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public AlertId Id { get; set; }
    public AlertRuleId RuleId { get; set; }
    public MonitorId MonitorId { get; set; }
    public DeploymentId DeploymentId { get; set; }
    public ProjectId ProjectId { get; set; }
    public IncidentId IncidentId { get; set; }

    /// <summary>Of the rule as it was when it fired.</summary>
    public required string RuleName { get; set; }
    public AlertSignal Signal { get; set; }

    /// <summary>Feature or KPI; empty when the signal has only one.</summary>
    public required string Subject { get; set; }
    public AlertSeverity Severity { get; set; }
    public AlertState State { get; set; }

    /// <summary>Begin of the first window that counted.</summary>
    public DateTimeOffset Began { get; set; }

    /// <summary>End of the window that completed M of N.</summary>
    public DateTimeOffset Fired { get; set; }

    /// <summary>End of the latest window in which it held.</summary>
    public DateTimeOffset Latest { get; set; }
    public double Value { get; set; }
    public double LatestValue { get; set; }
    public DateTimeOffset RaisedAt { get; set; }
    public DateTimeOffset? SilencedUntil { get; set; }
    public UserId? Assignee { get; set; }
    public string? AssigneeName { get; set; }
    public DateTimeOffset? ResolvedAt { get; set; }

    /// <summary>A person said so while the rule still fired: it is not raised again for the same episode.</summary>
    public bool ResolvedByHand { get; set; }

    /// <summary><see cref="AlertNote"/>s as jsonb, oldest first.</summary>
    public required string History { get; set; }
    public long Version { get; set; }
}

/// <summary>What grouped alerts are about.</summary>
internal sealed class IncidentRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public IncidentId Id { get; set; }
    public DeploymentId DeploymentId { get; set; }
    public ProjectId ProjectId { get; set; }
    public required string Title { get; set; }
    public IncidentState State { get; set; }
    public IncidentCause Cause { get; set; }

    /// <summary><see cref="RankedCause"/>s as jsonb, strongest first.</summary>
    public required string Causes { get; set; }

    /// <summary><see cref="WayBack"/> as jsonb.</summary>
    public string? Way { get; set; }

    /// <summary>End of the window that opened it.</summary>
    public DateTimeOffset Since { get; set; }
    public DateTimeOffset OpenedAt { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary><see cref="AlertNote"/>s as jsonb, oldest first.</summary>
    public required string History { get; set; }
    public long Version { get; set; }
}

internal static class AlertTables
{
    public const string OpenAlertIndex = "ux_alerts_open";

    public static void Map(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<AlertRuleRow>(row =>
        {
            row.ToTable("alert_rules");
            row.HasKey(rule => new { rule.TenantId, rule.Id });
            row.Property(rule => rule.Version).IsConcurrencyToken();
            row.Property(rule => rule.Document).HasColumnType("jsonb");
            row.HasIndex(rule => new { rule.TenantId, rule.MonitorId });
        });
        modelBuilder.Entity<AlertRow>(row =>
        {
            row.ToTable("alerts");
            row.HasKey(alert => new { alert.TenantId, alert.Id });
            row.Property(alert => alert.Version).IsConcurrencyToken();
            row.Property(alert => alert.History).HasColumnType("jsonb");
            row.Property(alert => alert.Signal).HasConversion<string>();
            row.Property(alert => alert.Severity).HasConversion<string>();
            row.Property(alert => alert.State).HasConversion<string>();
            row.HasIndex(alert => new { alert.TenantId, alert.RuleId, alert.Subject }).IsUnique().HasFilter("state <> 'Resolved'").HasDatabaseName(OpenAlertIndex);
            row.HasIndex(alert => new { alert.TenantId, alert.IncidentId });
            row.HasIndex(alert => new { alert.TenantId, alert.MonitorId, alert.RaisedAt });
            row.HasIndex(alert => new { alert.TenantId, alert.ProjectId, alert.State });
        });
        modelBuilder.Entity<IncidentRow>(row =>
        {
            row.ToTable("incidents");
            row.HasKey(incident => new { incident.TenantId, incident.Id });
            row.Property(incident => incident.Version).IsConcurrencyToken();
            row.Property(incident => incident.Causes).HasColumnType("jsonb");
            row.Property(incident => incident.Way).HasColumnType("jsonb");
            row.Property(incident => incident.History).HasColumnType("jsonb");
            row.Property(incident => incident.State).HasConversion<string>();
            row.Property(incident => incident.Cause).HasConversion<string>();
            row.HasIndex(incident => new { incident.TenantId, incident.DeploymentId, incident.State });
            row.HasIndex(incident => new { incident.TenantId, incident.ProjectId, incident.State });
        });
    }
}
