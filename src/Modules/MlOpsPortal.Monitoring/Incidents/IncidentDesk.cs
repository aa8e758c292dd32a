using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Deployments;
using MlOpsPortal.Monitoring.Alerts;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Monitoring.Incidents;

/// <summary>An incident with its alerts, and its evidence in sentences.</summary>
/// <param name="Causes">Strongest first.</param>
/// <param name="Alerts">Newest first, resolved ones too.</param>
public sealed record IncidentView(Incident Incident, ImmutableArray<CauseView> Causes, ImmutableArray<Alert> Alerts);

/// <param name="Score">0..1; how strongly the evidence points here, no probability.</param>
/// <param name="WayBack">The stage that can mend it.</param>
public sealed record CauseView(IncidentCause Cause, double Score, Stage WayBack, ImmutableArray<EvidenceView> Evidence);

/// <param name="Weight">0..1 of what it adds; negative when it speaks against the cause.</param>
public sealed record EvidenceView(string Sentence, double Weight, string? Subject);

/// <summary>Sends an incident back to a stage.</summary>
/// <param name="To">1 to 4; need not be the suggested one.</param>
public sealed record ChooseWayBack(Stage To, string Reason);

/// <summary>Incidents, and the ways back from them.</summary>
public sealed class IncidentDesk
{
    private const int Most = 200;
    private readonly IPermissions permissions;
    private readonly ProjectDesk projects;
    private readonly ITenantDb<MonitoringDbContext> databases;
    private readonly RefusalTexts texts;
    private readonly TimeProvider time;

    internal IncidentDesk(IPermissions permissions, ProjectDesk projects, ITenantDb<MonitoringDbContext> databases, RefusalTexts texts, TimeProvider time) =>
        (this.permissions, this.projects, this.databases, this.texts, this.time) = (permissions, projects, databases, texts, time);

    /// <summary>Incidents of an endpoint, a project, or all that the caller may know of; newest first, the latest two hundred.</summary>
    public async Task<Result<ImmutableArray<Incident>>> ListAsync(Caller caller, ProjectId? project, DeploymentId? endpoint, bool open, CancellationToken cancellationToken)
    {
        if (project is { } one && await permissions.DemandAsync(caller, one.Scope, MonitoringPermissions.View, cancellationToken) is { IsOk: false } denied)
            return denied.Refusal;
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        ImmutableArray<ProjectId> scopes = [.. visible.Scopes.Select(scope => new ProjectId(scope))];
        await using var db = databases.Open(caller.Tenant);
        var rows = db.Incidents.AsNoTracking().Where(row => (!open || row.State != IncidentState.Closed) && (project == null || row.ProjectId == project) && (endpoint == null || row.DeploymentId == endpoint));
        if (!visible.All)
            rows = rows.Where(row => scopes.Contains(row.ProjectId));
        return (await rows.OrderByDescending(row => row.OpenedAt).ThenByDescending(row => row.Id).Take(Most).ToListAsync(cancellationToken)).Select(Incident.Of).ToImmutableArray();
    }

    public async Task<Result<IncidentView>> GetAsync(Caller caller, IncidentId id, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var found = await OpenAsync(db, caller, id, MonitoringPermissions.View, null, cancellationToken);
        return found.IsOk ? await ViewAsync(db, found.Value, cancellationToken) : found.Refusal;
    }

    /// <summary>Reopens the stage with the incident attached and leaves a task for who works on it. Asked again after a crash between the two, it carries on.</summary>
    public async Task<Result<IncidentView>> ChooseAsync(Caller caller, IncidentId id, ChooseWayBack request, long? expectedVersion, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<IncidentView>(caller, cancellationToken) is { } before)
            return before;
        var found = await OpenAsync(db, caller, id, ProjectsPermissions.SendBack, expectedVersion, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var row = found.Value;
        if (IncidentLifecycle.Next(row.State, IncidentMove.ChooseWayBack) is not { } to)
            return AlertErrors.IncidentMove(row.State);
        var sent = await projects.ApplyAsync(
            caller with { Idempotency = null }, row.ProjectId, new SendBack(Stage.ModelMonitoring, request.To, request.Reason, new Occasion("incident", row.Id.ToString(), row.Title)), null, cancellationToken);
        if (!sent.IsOk && sent.Refusal.Code != ProjectsErrors.SentBackAlready().Code)
            return sent.Refusal;
        var now = time.GetMicrosecondNow();
        var way = new WayBack(request.To, request.Reason.Trim(), caller.User, caller.Name, now);
        (row.State, row.Way) = (to, JsonSerializer.Serialize(way, PortalJson.Options));
        return await SaveAsync(db, caller, row, "wayBack", $"Stage {(int)way.To}: {way.Reason}", new WayBackChosen(way.To, way.Reason), now, cancellationToken);
    }

    /// <summary>Says that it is over. Its alerts stay as they are.</summary>
    public async Task<Result<IncidentView>> CloseAsync(Caller caller, IncidentId id, string note, long? expectedVersion, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<IncidentView>(caller, cancellationToken) is { } before)
            return before;
        var found = await OpenAsync(db, caller, id, MonitoringPermissions.HandleAlerts, expectedVersion, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        if (new Faults().Text("note", note, 2000).Refusal is { } refusal)
            return refusal;
        var row = found.Value;
        if (IncidentLifecycle.Next(row.State, IncidentMove.Close) is not { } closed)
            return AlertErrors.IncidentMove(row.State);
        var now = time.GetMicrosecondNow();
        (row.State, row.ClosedAt) = (closed, now);
        return await SaveAsync(db, caller, row, "closed", note.Trim(), new IncidentClosed(row.Title, note.Trim()), now, cancellationToken);
    }

    private async Task<Result<IncidentView>> SaveAsync(
        MonitoringDbContext db, Caller caller, IncidentRow row, string what, string note, DomainEvent happened, DateTimeOffset now, CancellationToken cancellationToken)
    {
        row.History = AlertNote.Append(row.History, new AlertNote(now, what, caller.Name, note));
        row.Version++;
        db.Record(caller, Incident.SubjectOf(row), happened, now);
        return await db.CommitAsync(caller, await ViewAsync(db, row, cancellationToken), now, cancellationToken);
    }

    private async Task<IncidentView> ViewAsync(MonitoringDbContext db, IncidentRow row, CancellationToken cancellationToken)
    {
        var alerts = await db.Alerts.AsNoTracking().Where(alert => alert.IncidentId == row.Id).OrderByDescending(alert => alert.RaisedAt).Take(Most).ToListAsync(cancellationToken);
        var incident = Incident.Of(row);
        return new IncidentView(
            incident,
            [.. incident.Causes.Select(cause => new CauseView(
                cause.Cause, cause.Score, cause.WayBack, [.. cause.Evidence.Select(item => new EvidenceView(texts.Sentence(item.Code, item.Args), item.Weight, item.Subject))]))],
            [.. alerts.Select(Alert.Of)]);
    }

    private async Task<Result<IncidentRow>> OpenAsync(MonitoringDbContext db, Caller caller, IncidentId id, Permission permission, long? expectedVersion, CancellationToken cancellationToken)
    {
        if (await db.Incidents.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row)
            return new NotFound();
        var allowed = await permissions.DemandAsync(caller, row.ProjectId.Scope, permission, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        return expectedVersion is { } expected && expected != row.Version ? new Conflict("stale") : row;
    }
}
