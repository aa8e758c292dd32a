using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Monitoring.Alerts;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Notifications;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Platform.Work;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Monitoring.Incidents;

/// <summary>In "My work": incidents without a way back, for who handles alerts; and alerts that somebody was made responsible for.</summary>
internal sealed class IncidentWork(ITenantDb<MonitoringDbContext> databases, IPermissions permissions) : IWorkSource
{
    public async Task<IReadOnlyList<WorkItem>> WaitingAsync(Caller caller, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var mine = await db.Alerts.AsNoTracking().Where(row => row.Assignee == caller.User && (row.State == AlertState.Firing || row.State == AlertState.Acknowledged))
            .OrderByDescending(row => row.RaisedAt).Take(WorkDesk.MostOfOneSource).ToListAsync(cancellationToken);
        var open = await db.Incidents.AsNoTracking()
            .Where(row => row.State == IncidentState.Open && db.Alerts.Any(alert => alert.IncidentId == row.Id && (alert.State == AlertState.Firing || alert.State == AlertState.Acknowledged)))
            .OrderByDescending(row => row.OpenedAt).Take(WorkDesk.MostOfOneSource).ToListAsync(cancellationToken);
        var handled = new HashSet<ProjectId>();
        foreach (var project in open.Select(row => row.ProjectId).Distinct())
            if ((await permissions.RolesAsync(caller, project.Scope, cancellationToken)).Overlaps(MonitoringPermissions.HandleAlerts.Roles))
                handled.Add(project);
        return
        [
            .. open.Where(row => handled.Contains(row.ProjectId)).Select(row => new WorkItem(
                WorkKind.Alert, row.Title, "Choose the way back, or close it.", row.ProjectId.Scope, PageOf(row.ProjectId, row.Id), row.OpenedAt) { Urgency = WorkUrgency.High }),
            .. mine.Select(row => new WorkItem(WorkKind.Alert, Alert.SubjectOf(row).Name, "You are responsible for it.", row.ProjectId.Scope, PageOf(row.ProjectId, row.IncidentId), row.RaisedAt)
            {
                Urgency = row.Severity == AlertSeverity.Critical ? WorkUrgency.High : WorkUrgency.Normal,
            }),
        ];
    }

    internal static string PageOf(ProjectId project, IncidentId incident) => $"/projects/{project}/incidents/{incident}";
}

/// <summary>Tells of incidents, not of each alert: what belongs together is told once. And tells somebody who was made responsible.</summary>
internal sealed class IncidentNotices(ITenantDb<MonitoringDbContext> databases) : INotificationRule
{
    public IReadOnlyCollection<string> EventTypes { get; } = ["incident.opened", "incident.closed", "alert.assigned"];

    public async Task<IReadOnlyList<Notice>> TellAsync(Happened happened, CancellationToken cancellationToken)
    {
        if (happened.Scope is not { } scope)
            return [];
        var project = new ProjectId(scope.Value);
        if (happened.Type == "alert.assigned")
        {
            var alert = new AlertId(Guid.ParseExact(happened.SubjectId, "n"));
            await using var db = databases.Open(happened.Tenant);
            var incident = await db.Alerts.AsNoTracking().Where(row => row.Id == alert).Select(row => (IncidentId?)row.IncidentId).SingleOrDefaultAsync(cancellationToken);
            return incident is { } found
                ? [new(Audience.Of(happened.Read<AlertAssigned>().To), "alert", $"{happened.ActorName} made you responsible for an alert", happened.SubjectName, IncidentWork.PageOf(project, found))]
                : [];
        }

        var id = new IncidentId(Guid.ParseExact(happened.SubjectId, "n"));
        var page = IncidentWork.PageOf(project, id);
        if (happened.Type == "incident.opened")
            return [new(Audience.Holding(MonitoringPermissions.HandleAlerts), "alert", $"Incident: {happened.SubjectName}", "The evidence is ranked by cause; choose the way back.", page)];
        return [new(Audience.Holding(MonitoringPermissions.HandleAlerts), "alert", $"Closed: {happened.SubjectName}", happened.Read<IncidentClosed>().Note, page) { Mail = false }];
    }
}
