using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Monitoring.KpiTracking.Running;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Jobs.Schedules;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Kpis;

namespace MlOpsPortal.Monitoring.KpiTracking;

/// <summary>Every use case of measuring a KPI from data: say how, try it, let it run.</summary>
public sealed class MeasurementDesk
{
    public const int MostDefinitions = 100;
    private static readonly TimeSpan Look = TimeSpan.FromDays(1);

    private readonly ProjectDesk projects;
    private readonly IPermissions permissions;
    private readonly ITenantDb<MonitoringDbContext> databases;
    private readonly Measurer measurer;
    private readonly ScheduleDesk schedules;
    private readonly JobDesk jobs;
    private readonly RefusalTexts texts;
    private readonly TimeProvider time;

    internal MeasurementDesk(
        ProjectDesk projects, IPermissions permissions, ITenantDb<MonitoringDbContext> databases, Measurer measurer, ScheduleDesk schedules, JobDesk jobs, RefusalTexts texts, TimeProvider time)
    {
        (this.projects, this.permissions, this.databases, this.measurer) = (projects, permissions, databases, measurer);
        (this.schedules, this.jobs, this.texts, this.time) = (schedules, jobs, texts, time);
    }

    public async Task<Result<MeasurementView>> GetAsync(Caller caller, ProjectId project, KpiId kpi, CancellationToken cancellationToken)
    {
        var found = await FindAsync(caller, project, kpi, KpiPermissions.View, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        await using var db = databases.Open(caller.Tenant);
        return await ViewAsync(db, kpi, cancellationToken);
    }

    /// <summary>Computes one period over a sample, and keeps nothing.</summary>
    public async Task<Result<MeasurementTrial>> TryAsync(Caller caller, ProjectId project, KpiId kpi, TryMeasurement request, CancellationToken cancellationToken)
    {
        var found = await FindAsync(caller, project, kpi, KpiPermissions.Define, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        if (MeasurementRules.Check(request.Spec) is { } refusal)
            return refusal;
        if (Periods.Of(request.Spec, request.Day ?? request.Spec.First) is not { } period)
            return KpiErrors.NoPeriod();
        var started = time.GetTimestamp();
        var measured = await measurer.TryAsync(caller, request.Spec, period, cancellationToken);
        return measured.Map(done => MeasurementTrial.Of(done, texts.Sentence, time.GetElapsedTime(started)));
    }

    /// <summary>Says how the KPI is measured from now on. The queries are checked against their inputs first.</summary>
    public async Task<Result<MeasurementView>> DefineAsync(Caller caller, ProjectId project, KpiId id, MeasurementSpec spec, long? expectedVersion, CancellationToken cancellationToken)
    {
        var kpi = await FindAsync(caller, project, id, KpiPermissions.Define, cancellationToken);
        if (!kpi.IsOk)
            return kpi.Refusal;
        if (MeasurementRules.Check(spec) is { } refusal)
            return refusal;
        var fit = await measurer.CheckAsync(caller, spec, cancellationToken);
        if (!fit.IsOk)
            return fit.Refusal;
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<MeasurementView>(caller, cancellationToken) is { } answered)
            return answered;
        var before = await ViewAsync(db, id, cancellationToken);
        if (expectedVersion is { } expected && expected != before.Version)
            return new Conflict("stale");
        if (before.Current is { } current && current.KpiVersion == kpi.Value.Version && current.Spec.Same(spec))
            return before;
        if (before.Definitions.Length >= MostDefinitions)
            return KpiErrors.TooManyDefinitions();
        var now = time.GetMicrosecondNow();
        var row = new KpiDefinitionRow
        {
            KpiId = id, Number = before.Version + 1, ProjectId = project, KpiVersion = kpi.Value.Version, Spec = JsonSerializer.Serialize(spec, PortalJson.Options),
            CreatedBy = caller.User, CreatedByName = caller.Name, CreatedAt = now,
        };
        db.KpiDefinitions.Add(row);
        db.Record(caller, Subject(project, kpi.Value), new KpiMeasurementDefined(before.Current?.Spec, row.Number, spec), now);
        var after = before with { Version = row.Number, Definitions = before.Definitions.Add(KpiRecords.View(row)) };
        return await db.CommitAsync(caller, after, now, cancellationToken, new Dictionary<string, Refusal>(StringComparer.Ordinal) { [KpiTables.DefinitionKey] = new Conflict("stale") });
    }

    /// <summary>Lets new periods be measured by themselves once their outcomes are settled, or not any more.</summary>
    public async Task<Result<MeasurementView>> ScheduleAsync(Caller caller, ProjectId project, KpiId id, bool on, CancellationToken cancellationToken)
    {
        var kpi = await FindAsync(caller, project, id, KpiPermissions.Run, cancellationToken);
        if (!kpi.IsOk)
            return kpi.Refusal;
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<MeasurementView>(caller, cancellationToken) is { } answered)
            return answered;
        var before = await ViewAsync(db, id, cancellationToken);
        if (before.Current is null)
            return new NotFound();
        if (before.Scheduled == on)
            return before;
        var now = time.GetMicrosecondNow();
        if (on)
        {
            // At 3 in the morning UTC: the day before is over everywhere, and few people are at work.
            var first = new DateTimeOffset(DateOnly.FromDateTime(now.UtcDateTime), new TimeOnly(3, 0), TimeSpan.Zero);
            var set = await schedules.SetAsync(db, new NewSchedule(KpiRunKind.Name, Subject(project, kpi.Value), Title(kpi.Value), Look, first, new KpiRunJob(project, id)), cancellationToken);
            if (!set.IsOk)
                return set.Refusal;
        }
        else
        {
            await ScheduleDesk.RemoveAsync(db, KpiRunKind.Name, id.ToString(), cancellationToken);
        }

        db.Record(caller, Subject(project, kpi.Value), new KpiMeasurementScheduled(on), now);
        var committed = await db.CommitAsync(caller, before with { Scheduled = on, NextLook = null }, now, cancellationToken);
        return committed.IsOk ? await ViewAsync(db, id, cancellationToken) : committed;
    }

    /// <summary>Begins to measure: the named periods, or those that are due, or else the latest settled one again.</summary>
    public async Task<Result<KpiRun>> RunAsync(Caller caller, ProjectId project, KpiId id, RunMeasurement request, CancellationToken cancellationToken)
    {
        var kpi = await FindAsync(caller, project, id, KpiPermissions.Run, cancellationToken);
        if (!kpi.IsOk)
            return kpi.Refusal;
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<KpiRun>(caller, cancellationToken) is { } answered)
            return answered;
        if ((await ViewAsync(db, id, cancellationToken)).Current is not { } definition)
            return new NotFound();
        var now = time.GetMicrosecondNow();
        var periods = await ChooseAsync(db, id, definition, request, now, cancellationToken);
        if (!periods.IsOk)
            return periods.Refusal;
        var job = jobs.Enqueue(db, caller, new NewJob(KpiRunKind.Name, Subject(project, kpi.Value), Title(kpi.Value), new KpiRunJob(project, id)));
        var trigger = request is { From: null, To: null } ? KpiRunTrigger.RunNow : KpiRunTrigger.Backfill;
        var row = Start(db, caller, kpi.Value, project, definition, new KpiRunId(job.Value), trigger, periods.Value, now);
        return await db.CommitAsync(caller, KpiRecords.View(row, texts), now, cancellationToken, new Dictionary<string, Refusal>(StringComparer.Ordinal) { [KpiTables.UnderWay] = KpiErrors.RunUnderWay() });
    }

    /// <summary>Runs, newest first.</summary>
    public async Task<Result<Page<KpiRun>>> RunsAsync(Caller caller, ProjectId project, KpiId id, PageRequest page, CancellationToken cancellationToken)
    {
        var kpi = await FindAsync(caller, project, id, KpiPermissions.View, cancellationToken);
        if (!kpi.IsOk)
            return kpi.Refusal;
        await using var db = databases.Open(caller.Tenant);
        var rows = db.KpiRuns.AsNoTracking().Where(row => row.KpiId == id);
        if (Guid.TryParseExact(Cursors.Read(page.Cursor), "n", out var last))
            rows = rows.Where(row => ((Guid)(object)row.Id).CompareTo(last) < 0);
        var found = await rows.OrderByDescending(row => row.Id).Take(page.Limit + 1).ToListAsync(cancellationToken);
        var cut = page.Cut(found, row => row.Id.ToString());
        return new Page<KpiRun>([.. cut.Items.Select(row => KpiRecords.View(row, texts))], cut.NextCursor);
    }

    internal static Subject Subject(ProjectId project, Kpi kpi) => new("kpi", kpi.Id.ToString(), kpi.Name, project.Scope);

    internal static string Title(Kpi kpi) => $"Measure {kpi.Name}";

    /// <summary>Notes that a run begins; its periods are whole ones from the first to the last.</summary>
    internal static KpiRunRow Start(
        MonitoringDbContext db, Caller caller, Kpi kpi, ProjectId project, MeasurementDefinition definition, KpiRunId id, KpiRunTrigger trigger, ImmutableArray<Period> periods, DateTimeOffset now)
    {
        var row = new KpiRunRow
        {
            Id = id, KpiId = kpi.Id, ProjectId = project, Definition = definition.Number, Trigger = trigger, State = KpiRunState.UnderWay,
            FromDay = periods[0].Start, ToDay = periods[^1].End.AddDays(-1), ByName = caller.Name, StartedAt = now,
        };
        db.KpiRuns.Add(row);
        db.Record(caller, Subject(project, kpi), new KpiRunStarted(id, row.Definition, trigger, row.FromDay, row.ToDay), now);
        return row;
    }

    private static async Task<Result<ImmutableArray<Period>>> ChooseAsync(
        MonitoringDbContext db, KpiId id, MeasurementDefinition definition, RunMeasurement request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var spec = definition.Spec;
        if (Periods.Settled(spec, now).LastOrDefault() is not { } latest)
            return KpiErrors.NothingSettled(Periods.NextDue(spec, spec.First));
        if (request is { From: null, To: null })
        {
            var runs = await db.KpiRuns.AsNoTracking().Where(row => row.KpiId == id && row.Definition == definition.Number).ToListAsync(cancellationToken);
            var due = DuePeriods.Of(spec, KpiRecords.Newest(runs, definition.Number), now);
            return due.IsEmpty ? [latest] : due;
        }

        ImmutableArray<Period> named = [.. Periods.Within(spec, request.From ?? spec.First, request.To ?? latest.End.AddDays(-1)).Where(period => Periods.IsSettled(spec, period, now)).Take(DuePeriods.Most + 1)];
        return named.Length switch
        {
            0 => KpiErrors.NoPeriod(),
            > DuePeriods.Most => KpiErrors.TooManyPeriods(DuePeriods.Most),
            _ => named,
        };
    }

    private static async Task<MeasurementView> ViewAsync(MonitoringDbContext db, KpiId id, CancellationToken cancellationToken)
    {
        var definitions = await KpiRecords.DefinitionsAsync(db, id, cancellationToken);
        var schedule = await ScheduleDesk.FindAsync(db, KpiRunKind.Name, id.ToString(), cancellationToken);
        return new MeasurementView(definitions.Count == 0 ? 0 : definitions[^1].Number, [.. definitions], schedule is not null, schedule?.NextAt);
    }

    private async Task<Result<Kpi>> FindAsync(Caller caller, ProjectId project, KpiId kpi, Permission permission, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, project.Scope, permission, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        var found = await projects.GetAsync(caller, project, cancellationToken);
        return found.Then<Kpi>(state => state.State.Kpis.FirstOrDefault(one => one.Id == kpi) is { } there ? there : new NotFound());
    }
}
