using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Monitoring.Monitors;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Monitoring.Alerts;

/// <summary>A rule of a monitor.</summary>
/// <param name="IsDefault">It came with the monitor.</param>
/// <param name="Version">Goes back as <c>If-Match</c>.</param>
public sealed record AlertRuleView(AlertRuleId Id, MonitorId Monitor, AlertRule Rule, bool IsDefault, long Version);

/// <summary>What a rule would have done.</summary>
/// <param name="Windows">How many windows were looked at.</param>
/// <param name="Episodes">When it would have fired, oldest first.</param>
public sealed record RulePreview(int Windows, DateTimeOffset? From, DateTimeOffset? To, ImmutableArray<AlertEpisode> Episodes);

/// <summary>The rules of monitors.</summary>
public sealed class AlertRuleDesk
{
    /// <summary>Rules of one monitor.</summary>
    public const int Most = 100;
    private readonly MonitorDesk monitors;
    private readonly ITenantDb<MonitoringDbContext> databases;
    private readonly WatchedHistory history;
    private readonly TimeProvider time;

    internal AlertRuleDesk(MonitorDesk monitors, ITenantDb<MonitoringDbContext> databases, WatchedHistory history, TimeProvider time) =>
        (this.monitors, this.databases, this.history, this.time) = (monitors, databases, history, time);

    /// <summary>A monitor's rules, in the order they were made.</summary>
    public async Task<Result<ImmutableArray<AlertRuleView>>> ListAsync(Caller caller, MonitorId monitor, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var found = await monitors.FindAsync(db, caller, monitor, MonitoringPermissions.View, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        return (await db.AlertRules.AsNoTracking().Where(row => row.MonitorId == monitor).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken))
            .Select(View).ToImmutableArray();
    }

    public async Task<Result<AlertRuleView>> AddAsync(Caller caller, MonitorId monitor, AlertRule rule, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<AlertRuleView>(caller, cancellationToken) is { } before)
            return before;
        var found = await monitors.FindAsync(db, caller, monitor, MonitoringPermissions.Operate, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        if (rule.Refusal() is { } refusal)
            return refusal;
        if (found.Value.Monitor.ArchivedAt is not null)
            return MonitoringErrors.Archived();
        if (await db.AlertRules.CountAsync(row => row.MonitorId == monitor, cancellationToken) >= Most)
            return AlertErrors.TooManyRules(Most);
        var now = time.GetMicrosecondNow();
        var row = Row(found.Value.Monitor, rule, isDefault: false, now);
        db.AlertRules.Add(row);
        db.Record(caller, SubjectOf(row, rule), new AlertRuleAdded(rule), now);
        return await db.CommitAsync(caller, View(row), now, cancellationToken);
    }

    public async Task<Result<AlertRuleView>> ChangeAsync(Caller caller, AlertRuleId id, AlertRule rule, long? expectedVersion, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var found = await OpenAsync(db, caller, id, expectedVersion, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        if (rule.Refusal() is { } refusal)
            return refusal;
        var (row, before, now) = (found.Value, AlertWatch.Read(found.Value), time.GetMicrosecondNow());
        (row.Document, row.Enabled) = (JsonSerializer.Serialize(rule, PortalJson.Options), rule.Enabled);
        row.Version++;
        db.Record(caller, SubjectOf(row, rule), new AlertRuleChanged(before, rule), now);
        return await db.CommitAsync(caller, View(row), now, cancellationToken);
    }

    public async Task<Result<Done>> RemoveAsync(Caller caller, AlertRuleId id, long? expectedVersion, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<Done>(caller, cancellationToken) is { } before)
            return before;
        var found = await OpenAsync(db, caller, id, expectedVersion, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var (rule, now) = (AlertWatch.Read(found.Value), time.GetMicrosecondNow());
        db.AlertRules.Remove(found.Value);
        db.Record(caller, SubjectOf(found.Value, rule), new AlertRuleRemoved(rule), now);
        return await db.CommitAsync(caller, Done.Instance, now, cancellationToken);
    }

    /// <summary>When the rule would have fired on what the monitor has measured so far; nothing is kept.</summary>
    public async Task<Result<RulePreview>> PreviewAsync(Caller caller, MonitorId monitor, AlertRule rule, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var found = await monitors.FindAsync(db, caller, monitor, MonitoringPermissions.View, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        if (rule.Refusal() is { } refusal)
            return refusal;
        var watched = await history.ReadAsync(db, found.Value.Monitor, budgetMs: null, cancellationToken);
        var windows = watched.Windows;
        return new RulePreview(windows.Count, windows.Count == 0 ? null : windows[0].From, windows.Count == 0 ? null : windows[^1].To, AlertEvaluation.Episodes(rule, watched));
    }

    /// <summary>Adds the default rules of a new monitor to the unit of work that makes it.</summary>
    internal static void AddDefaults(MonitoringDbContext db, EndpointMonitor monitor, DateTimeOffset now) =>
        db.AlertRules.AddRange(DefaultRules.All.Select(rule => Row(monitor, rule, isDefault: true, now)));

    private async Task<Result<AlertRuleRow>> OpenAsync(MonitoringDbContext db, Caller caller, AlertRuleId id, long? expectedVersion, CancellationToken cancellationToken)
    {
        if (await db.AlertRules.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row)
            return new NotFound();
        var monitor = await monitors.FindAsync(db, caller, row.MonitorId, MonitoringPermissions.Operate, cancellationToken);
        if (!monitor.IsOk)
            return monitor.Refusal;
        return expectedVersion is { } expected && expected != row.Version ? new Conflict("stale") : row;
    }

    private static AlertRuleRow Row(EndpointMonitor monitor, AlertRule rule, bool isDefault, DateTimeOffset now) => new()
    {
        Id = Id.New<AlertRuleId>(now), MonitorId = monitor.Id, ProjectId = monitor.Project, Version = 1, IsDefault = isDefault, Enabled = rule.Enabled,
        Document = JsonSerializer.Serialize(rule, PortalJson.Options), CreatedAt = now,
    };

    private static Subject SubjectOf(AlertRuleRow row, AlertRule rule) => new("alert_rule", row.Id.ToString(), rule.Name, row.ProjectId.Scope);

    private static AlertRuleView View(AlertRuleRow row) => new(row.Id, row.MonitorId, AlertWatch.Read(row), row.IsDefault, row.Version);
}
