using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Deployments;
using MlOpsPortal.Monitoring.Alerts;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Jobs.Schedules;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Monitoring.Monitors;

/// <summary>Monitors of endpoints: set up, changed, put away.</summary>
public sealed class MonitorDesk
{
    /// <summary>Monitors of one endpoint.</summary>
    public const int MostPerEndpoint = 20;
    private static readonly Dictionary<string, Refusal> Taken = new(StringComparer.Ordinal) { [MonitoringDbContext.NameIndex] = MonitoringErrors.NameTaken() };
    private readonly DeploymentDesk deployments;
    private readonly IPermissions permissions;
    private readonly ITenantDb<MonitoringDbContext> databases;
    private readonly ScheduleDesk schedules;
    private readonly JobDesk jobs;
    private readonly TimeProvider time;

    internal MonitorDesk(DeploymentDesk deployments, IPermissions permissions, ITenantDb<MonitoringDbContext> databases, ScheduleDesk schedules, JobDesk jobs, TimeProvider time) =>
        (this.deployments, this.permissions, this.databases, this.schedules, this.jobs, this.time) = (deployments, permissions, databases, schedules, jobs, time);

    public async Task<Result<Versioned<EndpointMonitor>>> CreateAsync(Caller caller, DeploymentId id, MonitorSettings settings, CancellationToken cancellationToken)
    {
        var deployment = await OpenAsync(caller, id, MonitoringPermissions.Operate, cancellationToken);
        if (!deployment.IsOk)
            return deployment.Refusal;
        if (settings.Check() is { } refusal)
            return refusal;
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<Versioned<EndpointMonitor>>(caller, cancellationToken) is { } before)
            return before;
        if (await db.Monitors.CountAsync(row => row.DeploymentId == id && row.ArchivedAt == null, cancellationToken) >= MostPerEndpoint)
            return MonitoringErrors.TooManyMonitors(MostPerEndpoint);
        var now = time.GetMicrosecondNow();
        var monitor = settings.Apply(new EndpointMonitor
        {
            Id = Id.New<MonitorId>(now),
            Deployment = id,
            Project = deployment.Value.Project,
            Name = "",
            Window = MonitorWindow.Weekly,
            Reference = MonitorReference.Test,
            MinRows = 1,
            MinCoverage = 0,
            Methods = [],
            CreatedBy = caller.User,
            CreatedByName = caller.Name,
            CreatedAt = now,
        });
        var row = new MonitorRow
        {
            Id = monitor.Id,
            DeploymentId = id,
            ProjectId = monitor.Project,
            NameKey = "",
            Document = "",
            CreatedAt = now,
        };
        db.Monitors.Add(row);
        AlertRuleDesk.AddDefaults(db, monitor, now);
        return await SaveAsync(db, caller, row, monitor, new MonitorCreated(monitor), now, cancellationToken);
    }

    public async Task<Result<Versioned<EndpointMonitor>>> ChangeAsync(Caller caller, MonitorId id, MonitorSettings settings, long? expectedVersion, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var found = await FindAsync(db, caller, id, MonitoringPermissions.Operate, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var (row, monitor) = found.Value;
        if (expectedVersion is { } expected && expected != row.Version)
            return new Conflict("stale");
        if (monitor.ArchivedAt is not null)
            return MonitoringErrors.Archived();
        if (settings.Check() is { } refusal)
            return refusal;
        var changed = settings.Apply(monitor);
        return await SaveAsync(db, caller, row, changed, new MonitorChanged(monitor, changed), time.GetMicrosecondNow(), cancellationToken);
    }

    /// <summary>Puts a monitor away with its schedule; its runs stay.</summary>
    public async Task<Result<Versioned<EndpointMonitor>>> ArchiveAsync(Caller caller, MonitorId id, long? expectedVersion, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<Versioned<EndpointMonitor>>(caller, cancellationToken) is { } before)
            return before;
        var found = await FindAsync(db, caller, id, MonitoringPermissions.Operate, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var (row, monitor) = found.Value;
        if (expectedVersion is { } expected && expected != row.Version)
            return new Conflict("stale");
        if (monitor.ArchivedAt is not null)
            return MonitoringErrors.Archived();
        var now = time.GetMicrosecondNow();
        row.ArchivedAt = now;
        return await SaveAsync(db, caller, row, monitor with { ArchivedAt = now, Schedule = null }, new MonitorArchived(), now, cancellationToken);
    }

    public async Task<Result<Versioned<EndpointMonitor>>> GetAsync(Caller caller, MonitorId id, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        return (await FindAsync(db, caller, id, MonitoringPermissions.View, cancellationToken)).Map(found => new Versioned<EndpointMonitor>(found.Monitor, found.Row.Version));
    }

    /// <summary>Begins to measure: see <see cref="MonitorStretch"/>.</summary>
    public async Task<Result<MonitorJobView>> RunAsync(Caller caller, MonitorId id, MonitorStretch stretch, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<MonitorJobView>(caller, cancellationToken) is { } before)
            return before;
        var found = await FindAsync(db, caller, id, MonitoringPermissions.Operate, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var monitor = found.Value.Monitor;
        if (monitor.ArchivedAt is not null)
            return MonitoringErrors.Archived();
        if (stretch.From >= stretch.To)
            return new Validation("invalid") { Fields = [new FieldFault("to", "monitoring.stretch")] };
        var subject = SubjectOf(monitor);
        if (await IsRunningAsync(db, id, cancellationToken))
            return MonitoringErrors.RunsAlready();
        var job = jobs.Enqueue(db, caller, new NewJob(MonitorJob.KindName, subject, monitor.Name, new MonitorJob(id, stretch.From, stretch.To)));
        return await db.CommitAsync(caller, new MonitorJobView(job), time.GetMicrosecondNow(), cancellationToken);
    }

    /// <summary>Is a job of the monitor queued or running?</summary>
    public async Task<Result<bool>> IsRunningAsync(Caller caller, MonitorId id, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var found = await FindAsync(db, caller, id, MonitoringPermissions.View, cancellationToken);
        return found.IsOk ? await IsRunningAsync(db, id, cancellationToken) : found.Refusal;
    }

    /// <summary>An endpoint's monitors that are not archived, oldest first.</summary>
    public async Task<Result<ImmutableArray<EndpointMonitor>>> ListAsync(Caller caller, DeploymentId id, CancellationToken cancellationToken)
    {
        var deployment = await OpenAsync(caller, id, MonitoringPermissions.View, cancellationToken);
        if (!deployment.IsOk)
            return deployment.Refusal;
        await using var db = databases.Open(caller.Tenant);
        var rows = await db.Monitors.AsNoTracking().Where(row => row.DeploymentId == id && row.ArchivedAt == null).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken);
        return rows.Select(Read).ToImmutableArray();
    }

    internal static EndpointMonitor Read(MonitorRow row) => JsonSerializer.Deserialize<EndpointMonitor>(row.Document, PortalJson.Options)!; // written here

    internal static Subject SubjectOf(EndpointMonitor monitor) => new("monitor", monitor.Id.ToString(), monitor.Name, monitor.Project.Scope);

    /// <summary>A monitor for one who may do this with it.</summary>
    internal async Task<Result<(MonitorRow Row, EndpointMonitor Monitor)>> FindAsync(
        MonitoringDbContext db, Caller caller, MonitorId id, Permission permission, CancellationToken cancellationToken)
    {
        if (await db.Monitors.SingleOrDefaultAsync(candidate => candidate.Id == id, cancellationToken) is not { } row)
            return new NotFound();
        var allowed = await permissions.DemandAsync(caller, row.ProjectId.Scope, permission, cancellationToken);
        return allowed.IsOk ? (row, Read(row)) : allowed.Refusal;
    }

    /// <summary>A deployment for one who may do this with what is watched of it.</summary>
    internal async Task<Result<Deployment>> OpenAsync(Caller caller, DeploymentId id, Permission permission, CancellationToken cancellationToken)
    {
        var deployment = await deployments.GetAsync(caller, id, cancellationToken);
        if (!deployment.IsOk)
            return deployment.Refusal;
        var allowed = await permissions.DemandAsync(caller, deployment.Value.State.Project.Scope, permission, cancellationToken);
        return allowed.IsOk ? deployment.Value.State : allowed.Refusal;
    }

    private static Task<bool> IsRunningAsync(MonitoringDbContext db, MonitorId id, CancellationToken cancellationToken)
    {
        var subject = id.ToString();
        return db.Jobs.AnyAsync(job => job.SubjectId == subject && job.Kind == MonitorJob.KindName && (job.State == JobState.Queued || job.State == JobState.Running), cancellationToken);
    }

    private async Task<Result<Versioned<EndpointMonitor>>> SaveAsync(
        MonitoringDbContext db, Caller caller, MonitorRow row, EndpointMonitor monitor, DomainEvent happened, DateTimeOffset now, CancellationToken cancellationToken)
    {
        row.NameKey = monitor.Name.ToLowerInvariant();
        row.Document = JsonSerializer.Serialize(monitor, PortalJson.Options);
        row.Version++;
        var subject = SubjectOf(monitor);
        if (monitor.Schedule is { } schedule)
        {
            var set = await schedules.SetAsync(
                db, new NewSchedule(MonitorJob.KindName, subject, monitor.Name, schedule.Every, schedule.FirstAt, new MonitorJob(monitor.Id)), cancellationToken);
            if (!set.IsOk)
                return set.Refusal;
        }
        else
        {
            await ScheduleDesk.RemoveAsync(db, MonitorJob.KindName, subject.Id, cancellationToken);
        }

        db.Record(caller, subject, happened, now);
        return await db.CommitAsync(caller, new Versioned<EndpointMonitor>(monitor, row.Version), now, cancellationToken, Taken);
    }
}

/// <summary>What to measure: nothing given, the windows that have ended since the last run and those in which something came late; a stretch, all of its windows anew.</summary>
/// <param name="From">Windows that end after it…</param>
/// <param name="To">…and begin before it.</param>
public sealed record MonitorStretch(DateTimeOffset? From = null, DateTimeOffset? To = null);

/// <param name="Job">At <c>/api/v1/jobs/{id}</c>; its result says how many windows were measured.</param>
public sealed record MonitorJobView(JobId Job);

/// <summary>Which monitor a job runs, and over what: without a stretch, the windows that ended since the last run and those with late outcomes.</summary>
/// <param name="From">Windows that end after it…</param>
/// <param name="To">…and begin before it are measured, also those measured before.</param>
internal sealed record MonitorJob(MonitorId Monitor, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    public const string KindName = "monitoring.run";
}
