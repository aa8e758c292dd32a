using System.Collections.Immutable;
using System.Text.Json;
using MlOpsPortal.Deployments;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Monitoring.Incidents;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Monitoring.Alerts;

public readonly record struct AlertId(Guid Value) : IId<AlertId>
{
    public static AlertId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out AlertId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

/// <summary>A rule that fired, as pages and the API show it.</summary>
/// <param name="Subject">Feature or KPI; null when the signal has only one.</param>
/// <param name="Began">Begin of the first window that counted.</param>
/// <param name="Fired">End of the window that completed M of N.</param>
/// <param name="Latest">End of the latest window in which it held.</param>
/// <param name="Value">Of the rule's first condition when it fired.</param>
/// <param name="RaisedAt">When the portal found out.</param>
/// <param name="Version">Goes back as <c>If-Match</c>.</param>
public sealed record Alert(
    AlertId Id, AlertRuleId Rule, string RuleName, MonitorId Monitor, DeploymentId Deployment, ProjectId Project, IncidentId Incident, AlertSignal Signal, string? Subject,
    AlertSeverity Severity, AlertState State, DateTimeOffset Began, DateTimeOffset Fired, DateTimeOffset Latest, double Value, double LatestValue, DateTimeOffset RaisedAt,
    DateTimeOffset? SilencedUntil, UserId? Assignee, string? AssigneeName, DateTimeOffset? ResolvedAt, ImmutableArray<AlertNote> History, long Version)
{
    internal static Alert Of(AlertRow row) => new(
        row.Id, row.RuleId, row.RuleName, row.MonitorId, row.DeploymentId, row.ProjectId, row.IncidentId, row.Signal, row.Subject.Length == 0 ? null : row.Subject, row.Severity, row.State,
        row.Began, row.Fired, row.Latest, row.Value, row.LatestValue, row.RaisedAt, row.SilencedUntil, row.Assignee, row.AssigneeName, row.ResolvedAt, AlertNote.Read(row.History), row.Version);

    internal static Subject SubjectOf(AlertRow row) => new("alert", row.Id.ToString(), row.Subject.Length == 0 ? row.RuleName : $"{row.RuleName}: {row.Subject}", row.ProjectId.Scope);
}

/// <summary>One line of the history of an alert or incident.</summary>
/// <param name="What">raised, acknowledged, assigned, silenced, woken, recovered, resolved; opened, wayBack, closed.</param>
/// <param name="By">The person; the portal's name for what it found itself.</param>
public sealed record AlertNote(DateTimeOffset At, string What, string By, string? Note)
{
    private const int Most = 100;

    internal static ImmutableArray<AlertNote> Read(string history) => JsonSerializer.Deserialize<ImmutableArray<AlertNote>>(history, PortalJson.Options);

    /// <summary>The history with one more line; the oldest go when it grows long, the audit keeps all.</summary>
    internal static string Append(string history, AlertNote note) => JsonSerializer.Serialize<ImmutableArray<AlertNote>>([.. Read(history).TakeLast(Most - 1), note], PortalJson.Options);
}
