using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Monitoring.KpiTracking.Marks;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Monitoring.Incidents;

/// <summary>Incidents on a KPI's time line: from the data that first counted to the data that counted last.</summary>
internal sealed class IncidentMarks(ITenantDb<MonitoringDbContext> databases, IPermissions permissions) : IKpiMarks
{
    private const int Most = 50;

    public async Task<ImmutableArray<KpiMark>> FindAsync(Caller caller, ProjectId project, DateTimeOffset from, CancellationToken cancellationToken)
    {
        if (!(await permissions.DemandAsync(caller, project.Scope, MonitoringPermissions.View, cancellationToken)).IsOk)
            return [];
        await using var db = databases.Open(caller.Tenant);
        var incidents = await db.Incidents.AsNoTracking().Where(row => row.ProjectId == project).OrderByDescending(row => row.OpenedAt).Take(Most)
            .Select(row => new
            {
                row.Id, row.Title, row.State,
                Began = db.Alerts.Where(alert => alert.IncidentId == row.Id).Min(alert => (DateTimeOffset?)alert.Began),
                Latest = db.Alerts.Where(alert => alert.IncidentId == row.Id).Max(alert => (DateTimeOffset?)alert.Latest),
            }).ToListAsync(cancellationToken);
        return
        [
            .. incidents.Where(incident => incident.Began is not null && (incident.State != IncidentState.Closed || incident.Latest >= from)).OrderBy(incident => incident.Began)
                .Select(incident => new KpiMark(
                    KpiMarkKind.Incident, incident.Began!.Value, incident.State == IncidentState.Closed ? incident.Latest : null, incident.Title, $"projects/{project}/incidents/{incident.Id}")), // filtered
        ];
    }
}
