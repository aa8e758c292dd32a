using System.Collections.Immutable;
using System.Text.Json;
using MlOpsPortal.Deployments;
using MlOpsPortal.Monitoring.Alerts;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Monitoring.Incidents;

public readonly record struct IncidentId(Guid Value) : IId<IncidentId>
{
    public static IncidentId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out IncidentId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

/// <summary>What grouped alerts are about, as pages and the API show it.</summary>
/// <param name="Causes">Strongest first; those with nothing to speak for them are left out.</param>
/// <param name="Way">Null until somebody chose one.</param>
/// <param name="Since">End of the window that opened it.</param>
/// <param name="Version">Goes back as <c>If-Match</c>.</param>
public sealed record Incident(
    IncidentId Id, DeploymentId Deployment, ProjectId Project, string Title, IncidentState State, ImmutableArray<RankedCause> Causes, WayBack? Way, DateTimeOffset Since,
    DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, ImmutableArray<AlertNote> History, long Version)
{
    internal static Incident Of(IncidentRow row) => new(
        row.Id, row.DeploymentId, row.ProjectId, row.Title, row.State, JsonSerializer.Deserialize<ImmutableArray<RankedCause>>(row.Causes, PortalJson.Options),
        row.Way is null ? null : JsonSerializer.Deserialize<WayBack>(row.Way, PortalJson.Options), row.Since, row.OpenedAt, row.ClosedAt, AlertNote.Read(row.History), row.Version);

    internal static Subject SubjectOf(IncidentRow row) => new("incident", row.Id.ToString(), row.Title, row.ProjectId.Scope);
}

/// <summary>The stage that an incident was sent back to.</summary>
public sealed record WayBack(Stage To, string Reason, UserId By, string ByName, DateTimeOffset At);
