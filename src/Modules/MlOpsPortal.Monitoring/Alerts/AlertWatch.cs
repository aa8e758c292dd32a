using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Deployments;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Monitoring.Incidents;
using MlOpsPortal.Monitoring.Monitors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Monitoring.Alerts;

/// <summary>Looks at a monitor's rules each time it has measured: raises, refreshes and resolves alerts, groups them into incidents and ranks the incidents' causes anew.
/// Everything is derived from all windows again, so that late outcomes count and a second look changes nothing.</summary>
internal sealed class AlertWatch(WatchedHistory history, DeploymentDesk deployments) : IAfterMonitorRun
{
    public async Task NoteAsync(MonitoringDbContext db, Caller caller, EndpointMonitor monitor, ImmutableArray<MonitorRun> runs, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var portal = Caller.Portal(caller.Tenant);
        var endpoint = await deployments.GetAsync(portal, monitor.Deployment, cancellationToken);
        var watched = await history.ReadAsync(db, monitor, endpoint.IsOk ? endpoint.Value.State.LatencyBudgetMs : null, cancellationToken);
        var look = await LookAsync(db, monitor, watched, now, cancellationToken);
        foreach (var row in await db.AlertRules.Where(row => row.MonitorId == monitor.Id).ToListAsync(cancellationToken))
            look.Apply(row, row.Enabled ? AlertEvaluation.Episodes(Read(row), watched) : []);
        look.Finish();
    }

    internal static AlertRule Read(AlertRuleRow row) => JsonSerializer.Deserialize<AlertRule>(row.Document, PortalJson.Options)!; // written here

    private static async Task<AlertLook> LookAsync(MonitoringDbContext db, EndpointMonitor monitor, Watched watched, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var incidents = await db.Incidents.Where(row => row.DeploymentId == monitor.Deployment && row.State != IncidentState.Closed).ToListAsync(cancellationToken);
        var ids = incidents.ConvertAll(incident => incident.Id);
        var alerts = await db.Alerts.Where(row => ids.Contains(row.IncidentId) || (row.MonitorId == monitor.Id && row.State != AlertState.Resolved)).ToListAsync(cancellationToken);
        var byHand = await db.Alerts.AsNoTracking().Where(row => row.MonitorId == monitor.Id && row.ResolvedByHand).OrderByDescending(row => row.RaisedAt).Take(500)
            .Select(row => new { row.RuleId, row.Subject, row.Latest }).ToListAsync(cancellationToken);
        var settled = byHand.GroupBy(row => (row.RuleId, row.Subject)).ToDictionary(group => group.Key, group => group.Max(row => row.Latest));
        return new AlertLook(db, monitor, watched, incidents, alerts, settled, now);
    }
}

/// <summary>One look at a monitor's rules: what was open before, and what is open afterwards.</summary>
/// <param name="settled">Rule and subject of what people resolved by hand, with the end of the latest window it had been seen in.</param>
internal sealed class AlertLook(
    MonitoringDbContext db, EndpointMonitor monitor, Watched watched, List<IncidentRow> incidents, List<AlertRow> alerts,
    Dictionary<(AlertRuleId Rule, string Subject), DateTimeOffset> settled, DateTimeOffset now)
{
    private readonly Caller portal = Caller.Portal(db.Tenant);
    private readonly List<(AlertRow Row, AlertFact Fact)> raised = [];
    private readonly HashSet<AlertRuleId> seen = [];

    public void Apply(AlertRuleRow rule, ImmutableArray<AlertEpisode> episodes)
    {
        seen.Add(rule.Id);
        var current = episodes.Where(episode => episode.Ended is null).ToDictionary(episode => episode.Subject ?? "", StringComparer.Ordinal);
        foreach (var alert in alerts.Where(alert => alert.RuleId == rule.Id && alert.State != AlertState.Resolved).ToList())
        {
            if (current.Remove(alert.Subject, out var episode))
                Refresh(alert, episode);
            else
                Recover(alert, rule.Enabled ? null : "The rule was switched off.");
        }

        foreach (var (subject, episode) in current)
            if (!settled.TryGetValue((rule.Id, subject), out var until) || episode.Began >= until)
                Raise(rule, subject, episode);
    }

    /// <summary>Ends alerts of rules that are gone, finds each new alert its incident, and brings the incidents up to date.</summary>
    public void Finish()
    {
        foreach (var alert in alerts.Where(alert => alert.MonitorId == monitor.Id && alert.State != AlertState.Resolved && !seen.Contains(alert.RuleId)).ToList())
            Recover(alert, "The rule was removed.");
        foreach (var (row, fact) in raised.OrderByDescending(item => item.Row.Severity).ThenBy(item => item.Row.Fired).ToList())
            Group(row, fact);
        foreach (var incident in incidents)
            Update(incident);
    }

    private void Refresh(AlertRow alert, AlertEpisode episode)
    {
        if (alert.State == AlertState.Silenced && alert.SilencedUntil <= now && AlertLifecycle.Next(alert.State, AlertMove.Wake) is { } awake)
        {
            (alert.State, alert.SilencedUntil) = (awake, null);
            Note(alert, "woken", "The silence ended.");
        }

        if (alert.Latest == episode.Latest && alert.LatestValue.Equals(episode.LatestValue))
            return;
        (alert.Latest, alert.LatestValue) = (episode.Latest, episode.LatestValue);
        alert.Version++;
    }

    private void Recover(AlertRow alert, string? note)
    {
        if (AlertLifecycle.Next(alert.State, AlertMove.Recover) is not { } resolved)
            return;
        (alert.State, alert.ResolvedAt, alert.SilencedUntil) = (resolved, now, null);
        Note(alert, "recovered", note);
        db.Record(portal, Alert.SubjectOf(alert), new AlertRecovered(alert.IncidentId), now);
    }

    private void Raise(AlertRuleRow rule, string subject, AlertEpisode episode)
    {
        var settings = AlertWatch.Read(rule);
        var row = new AlertRow
        {
            Id = Id.New<AlertId>(now), RuleId = rule.Id, MonitorId = monitor.Id, DeploymentId = monitor.Deployment, ProjectId = monitor.Project, RuleName = settings.Name, Signal = settings.Signal,
            Subject = subject, Severity = settings.Severity, State = AlertState.Firing, Began = episode.Began, Fired = episode.Fired, Latest = episode.Latest, Value = episode.Value,
            LatestValue = episode.LatestValue, RaisedAt = now, History = "[]",
        };
        Note(row, "raised", null);
        raised.Add((row, Fact(row)));
    }

    private void Group(AlertRow row, AlertFact fact)
    {
        var open = incidents.Where(incident => incident.State != IncidentState.Closed)
            .Select(incident => new OpenIncident(incident.Id, incident.Cause, incident.Since, [.. AlertsOf(incident).Select(Fact)])).ToList();
        var alone = Causes.Rank(watched, [fact], Elsewhere(null));
        var window = watched.Windows.Count == 0 ? TimeSpan.FromDays(1) : watched.Windows[^1].To - watched.Windows[^1].From;
        var home = Grouping.Home(fact, alone[0].Cause, row.Fired, window, open);
        if (home is null)
            incidents.Add(Open(row, alone));
        row.IncidentId = home?.Id ?? incidents[^1].Id;
        alerts.Add(row);
        db.Alerts.Add(row);
        db.Record(portal, Alert.SubjectOf(row), new AlertRaised(row.IncidentId, row.RuleName, row.Severity, row.Signal, fact.Subject, row.Began, row.Fired, row.Value), now);
    }

    private IncidentRow Open(AlertRow row, ImmutableArray<RankedCause> causes)
    {
        var incident = new IncidentRow
        {
            Id = Id.New<IncidentId>(now), DeploymentId = monitor.Deployment, ProjectId = monitor.Project, Title = IncidentTitle.Of(causes), State = IncidentState.Open, Cause = causes[0].Cause,
            Causes = Write(causes), Since = row.Fired, OpenedAt = now, History = "[]",
        };
        incident.History = AlertNote.Append(incident.History, new AlertNote(now, "opened", portal.Name, incident.Title));
        db.Incidents.Add(incident);
        db.Record(portal, Incident.SubjectOf(incident), new IncidentOpened(monitor.Deployment, incident.Title, incident.Cause), now);
        return incident;
    }

    private void Update(IncidentRow incident)
    {
        var own = AlertsOf(incident);
        if (own.TrueForAll(alert => alert.State == AlertState.Resolved))
        {
            if (IncidentLifecycle.Next(incident.State, IncidentMove.Recover) is not { } closed)
                return;
            (incident.State, incident.ClosedAt) = (closed, now);
            incident.History = AlertNote.Append(incident.History, new AlertNote(now, "closed", portal.Name, "All its alerts are resolved."));
            incident.Version++;
            db.Record(portal, Incident.SubjectOf(incident), new IncidentClosed(incident.Title, null), now);
            return;
        }

        var causes = Causes.Rank(watched, [.. own.Select(Fact)], Elsewhere(incident));
        var written = Write(causes);
        if (causes[0].Score == 0 || written == Write(Incident.Of(incident).Causes))
            return;
        (incident.Causes, incident.Cause, incident.Title) = (written, causes[0].Cause, IncidentTitle.Of(causes));
        incident.Version++;
    }

    private List<AlertRow> AlertsOf(IncidentRow incident) => alerts.FindAll(alert => alert.IncidentId == incident.Id);

    /// <summary>Features that other open incidents are about: their drift is explained there.</summary>
    private HashSet<string> Elsewhere(IncidentRow? own) =>
    [
        .. alerts.Where(alert => alert.State != AlertState.Resolved && alert.IncidentId != own?.Id && alert.Signal is not AlertSignal.Kpi && alert.Subject.Length > 0
            && (own is null || !AlertsOf(own).Exists(mine => mine.Subject == alert.Subject))).Select(alert => alert.Subject),
    ];

    private void Note(AlertRow alert, string what, string? note)
    {
        alert.History = AlertNote.Append(alert.History, new AlertNote(now, what, portal.Name, note));
        alert.Version++;
    }

    private static AlertFact Fact(AlertRow row) => new(row.Signal, row.Subject.Length == 0 ? null : row.Subject, row.Began);

    private static string Write(ImmutableArray<RankedCause> causes) =>
        JsonSerializer.Serialize<ImmutableArray<RankedCause>>(causes.Any(cause => cause.Score > 0) ? [.. causes.Where(cause => cause.Score > 0)] : [causes[0]], PortalJson.Options);
}
