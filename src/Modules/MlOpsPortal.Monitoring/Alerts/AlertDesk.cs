using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Deployments;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Notifications;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Monitoring.Alerts;

/// <summary>Alerts in lists, and what people do with them.</summary>
public sealed class AlertDesk
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromDays(90);

    /// <summary>Alerts that one run can raise at the same time; a page begins behind the last one shown.</summary>
    private const int MostAtOnce = 2000;
    private readonly IPermissions permissions;
    private readonly IPeople people;
    private readonly ITenantDb<MonitoringDbContext> databases;
    private readonly TimeProvider time;

    internal AlertDesk(IPermissions permissions, IPeople people, ITenantDb<MonitoringDbContext> databases, TimeProvider time) =>
        (this.permissions, this.people, this.databases, this.time) = (permissions, people, databases, time);

    /// <summary>Alerts of an endpoint, a project, or all that the caller may know of; newest first.</summary>
    /// <param name="open">Only those that are not resolved.</param>
    public async Task<Result<Page<Alert>>> ListAsync(Caller caller, ProjectId? project, DeploymentId? endpoint, bool open, PageRequest page, CancellationToken cancellationToken)
    {
        if (project is { } one && await permissions.DemandAsync(caller, one.Scope, MonitoringPermissions.View, cancellationToken) is { IsOk: false } denied)
            return denied.Refusal;
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        ImmutableArray<ProjectId> scopes = [.. visible.Scopes.Select(scope => new ProjectId(scope))];
        await using var db = databases.Open(caller.Tenant);
        var rows = db.Alerts.AsNoTracking().Where(row => (!open || row.State != AlertState.Resolved) && (project == null || row.ProjectId == project) && (endpoint == null || row.DeploymentId == endpoint));
        if (!visible.All)
            rows = rows.Where(row => scopes.Contains(row.ProjectId));
        var ordered = rows.OrderByDescending(row => row.RaisedAt).ThenByDescending(row => row.Id);
        if (!Guid.TryParseExact(Cursors.Read(page.Cursor), "n", out var key))
            return Cut(page, await ordered.Take(page.Limit + 1).ToListAsync(cancellationToken));
        var last = new AlertId(key);
        var raised = await db.Alerts.Where(row => row.Id == last).Select(row => (DateTimeOffset?)row.RaisedAt).SingleOrDefaultAsync(cancellationToken);
        var rest = await ordered.Where(row => row.RaisedAt <= raised).Take(page.Limit + 1 + MostAtOnce).ToListAsync(cancellationToken);
        return Cut(page, [.. rest.SkipWhile(row => row.Id != last).Skip(1).Take(page.Limit + 1)]);
    }

    public async Task<Result<Alert>> GetAsync(Caller caller, AlertId id, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        return (await OpenAsync(db, caller, id, MonitoringPermissions.View, null, cancellationToken)).Map(Alert.Of);
    }

    public Task<Result<Alert>> AcknowledgeAsync(Caller caller, AlertId id, string? note, long? expectedVersion, CancellationToken cancellationToken) =>
        MoveAsync(caller, id, AlertMove.Acknowledge, "acknowledged", note, expectedVersion, new AlertAcknowledged(note), new Faults().OptionalText("note", note, 2000), cancellationToken);

    /// <summary>Nobody is told until then; a recovery is still noticed.</summary>
    /// <param name="until">In the future, at most 90 days away.</param>
    public Task<Result<Alert>> SilenceAsync(Caller caller, AlertId id, DateTimeOffset until, string note, long? expectedVersion, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var faults = new Faults().Text("note", note, 2000).When(until <= now || until > now + LongestSilence, "until", "monitoring.silence_end");
        return MoveAsync(caller, id, AlertMove.Silence, "silenced", note, expectedVersion, new AlertSilenced(until.ToUniversalTime(), note), faults, cancellationToken, row => row.SilencedUntil = until.ToUniversalTime());
    }

    public Task<Result<Alert>> WakeAsync(Caller caller, AlertId id, long? expectedVersion, CancellationToken cancellationToken) =>
        MoveAsync(caller, id, AlertMove.Wake, "woken", null, expectedVersion, new AlertWoken(), new Faults(), cancellationToken);

    /// <summary>Says that it is over, or no matter. It is not raised again while the same episode goes on.</summary>
    public Task<Result<Alert>> ResolveAsync(Caller caller, AlertId id, string note, long? expectedVersion, CancellationToken cancellationToken) =>
        MoveAsync(caller, id, AlertMove.Resolve, "resolved", note, expectedVersion, new AlertResolved(note), new Faults().Text("note", note, 2000), cancellationToken, row =>
        {
            (row.ResolvedAt, row.ResolvedByHand) = (time.GetMicrosecondNow(), true);
        });

    /// <summary>Makes somebody responsible.</summary>
    /// <param name="to">A member of the project; the caller herself when null.</param>
    public async Task<Result<Alert>> AssignAsync(Caller caller, AlertId id, UserId? to, long? expectedVersion, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<Alert>(caller, cancellationToken) is { } before)
            return before;
        var found = await OpenAsync(db, caller, id, MonitoringPermissions.HandleAlerts, expectedVersion, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var (row, now) = (found.Value, time.GetMicrosecondNow());
        if (row.State == AlertState.Resolved)
            return AlertErrors.AlertMove(row.State);
        var (user, name) = (caller.User, caller.Name);
        if (to is { } wanted && wanted != caller.User)
        {
            if ((await people.WhoSeesAsync(caller.Tenant, row.ProjectId.Scope, cancellationToken)).FirstOrDefault(person => person.Id == wanted) is not { } person)
                return new Validation("invalid") { Fields = [new FieldFault("to", "monitoring.no_such_person")] };
            (user, name) = (person.Id, person.Name);
        }

        var happened = new AlertAssigned(row.Assignee, user, name);
        (row.Assignee, row.AssigneeName) = (user, name);
        return await SaveAsync(db, caller, row, "assigned", name, happened, now, cancellationToken);
    }

    /// <summary>Who can be made responsible for an alert, by name: those who may handle alerts in its project.</summary>
    public async Task<Result<ImmutableArray<Addressee>>> AssigneesAsync(Caller caller, AlertId id, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var found = await OpenAsync(db, caller, id, MonitoringPermissions.HandleAlerts, null, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var all = await people.WhoSeesAsync(caller.Tenant, found.Value.ProjectId.Scope, cancellationToken);
        return all.Where(person => person.Holds(MonitoringPermissions.HandleAlerts)).ToImmutableArray();
    }

    private static Page<Alert> Cut(PageRequest page, List<AlertRow> rows) => page.Cut(rows.ConvertAll(Alert.Of), alert => alert.Id.ToString());

    private async Task<Result<Alert>> MoveAsync(
        Caller caller, AlertId id, AlertMove move, string what, string? note, long? expectedVersion, DomainEvent happened, Faults faults, CancellationToken cancellationToken, Action<AlertRow>? also = null)
    {
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<Alert>(caller, cancellationToken) is { } before)
            return before;
        var found = await OpenAsync(db, caller, id, MonitoringPermissions.HandleAlerts, expectedVersion, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        if (faults.Refusal is { } refusal)
            return refusal;
        var row = found.Value;
        if (AlertLifecycle.Next(row.State, move) is not { } to)
            return AlertErrors.AlertMove(row.State);
        (row.State, row.SilencedUntil) = (to, null);
        also?.Invoke(row);
        return await SaveAsync(db, caller, row, what, note?.Trim(), happened, time.GetMicrosecondNow(), cancellationToken);
    }

    private static async Task<Result<Alert>> SaveAsync(
        MonitoringDbContext db, Caller caller, AlertRow row, string what, string? note, DomainEvent happened, DateTimeOffset now, CancellationToken cancellationToken)
    {
        row.History = AlertNote.Append(row.History, new AlertNote(now, what, caller.Name, string.IsNullOrEmpty(note) ? null : note));
        row.Version++;
        db.Record(caller, Alert.SubjectOf(row), happened, now);
        return await db.CommitAsync(caller, Alert.Of(row), now, cancellationToken);
    }

    private async Task<Result<AlertRow>> OpenAsync(MonitoringDbContext db, Caller caller, AlertId id, Permission permission, long? expectedVersion, CancellationToken cancellationToken)
    {
        if (await db.Alerts.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row)
            return new NotFound();
        var allowed = await permissions.DemandAsync(caller, row.ProjectId.Scope, permission, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        return expectedVersion is { } expected && expected != row.Version ? new Conflict("stale") : row;
    }
}
