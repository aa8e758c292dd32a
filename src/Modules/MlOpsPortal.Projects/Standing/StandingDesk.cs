using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects.Data;
using MlOpsPortal.Projects.Kpis.Values;
using MlOpsPortal.Projects.Ledger;
using MlOpsPortal.Projects.Objectives.CheckIns;
using MlOpsPortal.Projects.Objectives.Progress;

namespace MlOpsPortal.Projects.Standing;

/// <summary>How a project stands today: its objectives by their check-ins, its KPIs by their values.</summary>
public sealed record ProjectStanding(Project Project, ImmutableArray<ObjectiveStanding> Objectives, ImmutableArray<KpiStanding> Kpis);

/// <summary>Computes how projects stand, for one project and over all that the caller may know of.</summary>
public sealed class StandingDesk
{
    /// <summary>A portfolio is looked at as a whole; beyond so many projects it is cut by name.</summary>
    public const int MostProjects = 500;
    private readonly ProjectDesk projects;
    private readonly ITenantDb<ProjectsDbContext> databases;
    private readonly IPermissions permissions;
    private readonly ProjectDefinition definition;
    private readonly DatedLedger<CheckInRow> checkIns;
    private readonly DatedLedger<KpiValueRow> values;
    private readonly TimeProvider time;

    internal StandingDesk(ProjectDesk projects, ITenantDb<ProjectsDbContext> databases, IPermissions permissions, ProjectDefinition definition, TimeProvider time)
    {
        (this.projects, this.databases, this.permissions, this.definition, this.time) = (projects, databases, permissions, definition, time);
        checkIns = new DatedLedger<CheckInRow>(databases, CheckInRow.Key, time);
        values = new DatedLedger<KpiValueRow>(databases, KpiValueRow.Key, time);
    }

    public async Task<Result<ProjectStanding>> GetAsync(Caller caller, ProjectId project, CancellationToken cancellationToken)
    {
        var found = await projects.GetAsync(caller, project, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var state = found.Value.State;
        var said = (await checkIns.OfProjectsAsync(caller, [project.Value], cancellationToken)).ToLookup(row => row.Subject, CheckIn.Of);
        return Stand(state, said, (await values.LatestOfProjectsAsync(caller, [project.Value], cancellationToken)).ToLookup(row => row.Subject, KpiValues.View));
    }

    /// <summary>Every unarchived project that the caller may know of, by name.</summary>
    public async Task<ImmutableArray<PortfolioEntry>> ListAsync(Caller caller, PortfolioFilter filter, CancellationToken cancellationToken)
    {
        var rows = await RowsAsync(caller, cancellationToken);
        Guid[] ids = [.. rows.Select(row => row.Id)];
        var said = (await checkIns.OfProjectsAsync(caller, ids, cancellationToken)).ToLookup(row => row.Subject, CheckIn.Of);
        var latest = (await values.LatestOfProjectsAsync(caller, ids, cancellationToken)).ToLookup(row => row.Subject, KpiValues.View);
        return [.. rows.Select(row => PortfolioEntry.Of(Stand(definition.Read(row.Document), said, latest), row.UpdatedAt)).Where(filter.Lets)];
    }

    /// <summary>Check-ins and KPI values that are due in the caller's projects, where she may record them; her own first, then the longest due.</summary>
    public async Task<ImmutableArray<DueCheckIn>> DueAsync(Caller caller, CancellationToken cancellationToken)
    {
        var rows = await RowsAsync(caller, cancellationToken);
        var due = new List<DueCheckIn>();
        Guid[] ids = [.. rows.Select(row => row.Id)];
        var said = (await checkIns.LatestOfProjectsAsync(caller, ids, cancellationToken)).ToLookup(row => row.Subject, CheckIn.Of);
        var latest = (await values.LatestOfProjectsAsync(caller, ids, cancellationToken)).ToLookup(row => row.Subject, KpiValues.View);
        foreach (var row in rows)
        {
            var ofProject = DueCheckIn.Of(Stand(definition.Read(row.Document), said, latest)).ToList();
            if (ofProject.Count == 0)
                continue;
            var roles = await permissions.RolesAsync(caller, new ProjectId(row.Id).Scope, cancellationToken);
            if (roles.Overlaps(ProjectsPermissions.RecordValues.Roles))
                due.AddRange(ofProject.Select(one => one with { Mine = one.IsOf(caller.Name, roles) }));
        }

        return [.. due.OrderByDescending(one => one.Mine).ThenBy(one => one.Since).ThenBy(one => one.ProjectName, StringComparer.OrdinalIgnoreCase)];
    }

    private ProjectStanding Stand(Project project, ILookup<Guid, CheckIn> said, ILookup<Guid, KpiValue> latest)
    {
        var today = time.Today();
        return new(
            project,
            [.. project.Objectives.Select(objective => ObjectiveStanding.Of(objective, said, today))],
            [.. project.Kpis.Select(kpi => KpiStanding.Of(new KpiSeries(kpi, [.. latest[kpi.Id.Value]]), today))]);
    }

    private async Task<List<ProjectRow>> RowsAsync(Caller caller, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        await using var db = databases.Open(caller.Tenant);
        var rows = db.Projects.AsNoTracking().Where(row => row.ArchivedAt == null);
        if (!visible.All)
            rows = rows.Where(row => visible.Scopes.Contains(row.Id));
        return await rows.OrderBy(row => row.NameKey).ThenBy(row => row.Id).Take(MostProjects).ToListAsync(cancellationToken);
    }
}
