using MlOpsPortal.Deployments;
using MlOpsPortal.Monitoring.Incidents;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Monitoring.Alerts;

public sealed record AlertRuleAdded(AlertRule Rule) : DomainEvent("alert_rule.added");

public sealed record AlertRuleChanged(AlertRule Before, AlertRule After) : DomainEvent("alert_rule.changed");

public sealed record AlertRuleRemoved(AlertRule Before) : DomainEvent("alert_rule.removed");

public sealed record AlertRaised(
    IncidentId Incident, string Rule, AlertSeverity Severity, AlertSignal Signal, string? Subject, DateTimeOffset Began, DateTimeOffset Fired, double Value) : DomainEvent("alert.raised");

public sealed record AlertRecovered(IncidentId Incident) : DomainEvent("alert.recovered");

public sealed record AlertAcknowledged(string? Note) : DomainEvent("alert.acknowledged");

public sealed record AlertAssigned(UserId? Before, UserId To, string ToName) : DomainEvent("alert.assigned");

public sealed record AlertSilenced(DateTimeOffset Until, string Note) : DomainEvent("alert.silenced");

public sealed record AlertWoken() : DomainEvent("alert.woken");

public sealed record AlertResolved(string Note) : DomainEvent("alert.resolved");

public sealed record IncidentOpened(DeploymentId Deployment, string Title, IncidentCause Cause) : DomainEvent("incident.opened");

public sealed record WayBackChosen(Stage To, string Reason) : DomainEvent("incident.way_back_chosen");

/// <param name="Note">Null when it recovered by itself.</param>
public sealed record IncidentClosed(string Title, string? Note) : DomainEvent("incident.closed");
