using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Deployments;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Monitoring.Measuring;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Kpis.Values;

namespace MlOpsPortal.Monitoring.KpiTracking.Running;

/// <summary>Which KPI a run is about. Its periods stand in the run's row, which is there before the job, or made by it when the schedule began it.</summary>
internal sealed record KpiRunJob(ProjectId Project, KpiId Kpi);

/// <summary>Measures periods and hands their values to the KPI's series. It runs as the portal: a measurement outlives whoever wrote it, and what it may read was asked of her.</summary>
internal sealed class KpiRunKind(ProjectDesk projects, KpiValueDesk values, ITenantDb<MonitoringDbContext> databases, Measurer measurer, TimeProvider time) : IJobKind
{
    public const string Name = "monitoring.measure_kpi";

    public string Kind => Name;

    public async Task<Result<JsonElement>> RunAsync(JobContext job, CancellationToken cancellationToken)
    {
        var (portal, order) = (Caller.Portal(job.Tenant), job.Spec<KpiRunJob>());
        var kpi = (await projects.GetAsync(portal, order.Project, cancellationToken)).Then<Kpi>(found => found.State.Kpis.FirstOrDefault(one => one.Id == order.Kpi) is { } there ? there : new NotFound());
        if (!kpi.IsOk)
            return kpi.Refusal;
        await using var db = databases.Open(job.Tenant);
        var definitions = await KpiRecords.DefinitionsAsync(db, order.Kpi, cancellationToken);
        var id = new KpiRunId(job.Id.Value);
        var row = await db.KpiRuns.SingleOrDefaultAsync(run => run.Id == id, cancellationToken);
        if (row is null)
        {
            var begun = await BeginAsync(db, job, order, kpi.Value, definitions, cancellationToken);
            if (!begun.IsOk)
                return begun.Refusal;
            row = begun.Value.Row;
        }

        if (row is null || row.EndedAt is not null)
            return Answer(row);
        var definition = definitions.Single(one => one.Number == row.Definition);
        var measured = await measurer.MeasureAsync(portal, definition.Spec, [.. Periods.Within(definition.Spec, row.FromDay, row.ToDay)], job.Progress, cancellationToken);
        if (!measured.IsOk)
            return measured.Refusal;

        var kept = await OverruledAsync(db, portal, order, row, cancellationToken);
        if (!kept.IsOk)
            return kept.Refusal;

        // The values first: recording them again adds nothing, so a process that dies between the two steps leaves nothing undone.
        var recorded = await values.RecordMeasuredAsync(portal, order.Project, order.Kpi, [.. Values(measured.Value, row.Id).Where(value => !kept.Value.Contains(value.Date))], cancellationToken);
        if (!recorded.IsOk)
            return recorded.Refusal;
        var outcomes = measured.Value.Answer.Outcomes;
        var now = time.GetMicrosecondNow();
        (row.State, row.EndedAt) = (KpiRunState.Done, now);
        row.Inputs = JsonSerializer.Serialize(measured.Value.Used, PortalJson.Options);
        row.Outcomes = JsonSerializer.Serialize(outcomes, PortalJson.Options);
        db.Record(job.Caller, MeasurementDesk.Subject(order.Project, kpi.Value), new KpiRunDone(row.Id, row.Definition, outcomes.Count(one => one.Value is not null), outcomes.Count(one => one.Why is not null), measured.Value.Used), now);
        await db.SaveChangesAsync(cancellationToken);
        return Answer(row);
    }

    public async Task AbandonAsync(JobContext job, Refusal why, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(job.Tenant);
        var id = new KpiRunId(job.Id.Value);
        var row = await db.KpiRuns.SingleOrDefaultAsync(run => run.Id == id, cancellationToken);
        if (row is null || row.EndedAt is not null)
            return;
        var now = time.GetMicrosecondNow();
        (row.State, row.EndedAt, row.Fault) = (KpiRunState.Failed, now, JsonSerializer.Serialize(why, PortalJson.Options));
        var project = await projects.GetAsync(Caller.Portal(job.Tenant), row.ProjectId, cancellationToken);
        if (project.IsOk && project.Value.State.Kpis.FirstOrDefault(one => one.Id == row.KpiId) is { } kpi)
            db.Record(job.Caller, MeasurementDesk.Subject(row.ProjectId, kpi), new KpiRunFailed(row.Id, why.Code, why.Args), now);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>What the schedule began: the periods that are due by now, and those that have learnt something since they were measured. None is no fault.</summary>
    private async Task<Result<Begun>> BeginAsync(MonitoringDbContext db, JobContext job, KpiRunJob order, Kpi kpi, List<MeasurementDefinition> definitions, CancellationToken cancellationToken)
    {
        if (definitions.Count == 0)
            return new Begun(null);
        var now = time.GetMicrosecondNow();
        var runs = await db.KpiRuns.AsNoTracking().Where(run => run.KpiId == order.Kpi).ToListAsync(cancellationToken);
        var known = KpiRecords.Newest(runs, definitions[^1].Number);
        var late = await LateAsync(db, definitions[^1], runs, known, now, cancellationToken);
        ImmutableArray<Period> due = [.. DuePeriods.Of(definitions[^1].Spec, known, now).Concat(late).OrderBy(period => period.Start)];
        if (due.IsEmpty)
            return new Begun(null);
        var row = MeasurementDesk.Start(db, job.Caller, kpi, order.Project, definitions[^1], new KpiRunId(job.Id.Value), KpiRunTrigger.Schedule, due, now);
        return await db.CommitAsync(job.Caller, new Begun(row), now, cancellationToken, new Dictionary<string, Refusal>(StringComparer.Ordinal) { [KpiTables.UnderWay] = KpiErrors.RunUnderWay() });
    }

    /// <summary>Periods with a value whose predictions or outcomes came after it.</summary>
    private static async Task<IEnumerable<Period>> LateAsync(
        MonitoringDbContext db, MeasurementDefinition definition, List<KpiRunRow> runs, Dictionary<DateOnly, PeriodOutcome> known, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ImmutableArray<Period> measured =
            [.. Periods.Settled(definition.Spec, now).TakeLast(DuePeriods.Most).Where(period => known.TryGetValue(period.Start, out var outcome) && outcome.Why is null)];
        var done = runs.Where(run => run.Definition == definition.Number && run.State == KpiRunState.Done).ToList();
        if (measured.IsEmpty || done.Count == 0)
            return [];
        // Only the schedule looks for them: what came since it did so last.
        var looked = done.Where(run => run.Trigger == KpiRunTrigger.Schedule).Max(run => (DateTimeOffset?)run.StartedAt) ?? done.Min(run => run.StartedAt);
        var changed = new HashSet<DateOnly>();
        foreach (var endpoint in definition.Spec.Inputs.Select(input => input.Endpoint).OfType<DeploymentId>().Distinct())
            changed.UnionWith(await new LogReader(db, endpoint).ChangedDaysAsync(looked, measured[0].From, cancellationToken));
        return measured.Where(period => changed.Any(day => day >= period.Start && day < period.End));
    }

    /// <summary>Dates whose measured value somebody has replaced by hand: the schedule does not take that back.</summary>
    private async Task<Result<ImmutableHashSet<DateOnly>>> OverruledAsync(MonitoringDbContext db, Caller portal, KpiRunJob order, KpiRunRow row, CancellationToken cancellationToken)
    {
        if (row.Trigger != KpiRunTrigger.Schedule)
            return ImmutableHashSet<DateOnly>.Empty;
        var runs = await db.KpiRuns.AsNoTracking().Where(run => run.KpiId == order.Kpi && run.Definition == row.Definition).ToListAsync(cancellationToken);
        var measured = KpiRecords.Newest(runs, row.Definition).Values.Where(outcome => outcome.Why is null).Select(outcome => outcome.Date).ToHashSet();
        var series = await values.SeriesAsync(portal, order.Project, order.Kpi, cancellationToken);
        return series.IsOk ? series.Value.Values.Where(value => value.Source == ValueSource.Declared && measured.Contains(value.Date)).Select(value => value.Date).ToImmutableHashSet() : series.Refusal;
    }

    private static IEnumerable<KpiMeasurement> Values(Measured measured, KpiRunId run)
    {
        ImmutableArray<KpiInput> inputs = [.. measured.Used.Zip(measured.Inputs, (used, input) => new KpiInput(used.Name, VersionOf(used, input.SourceName), used.Rows))];
        return measured.Answer.Outcomes.Where(outcome => outcome is { Value: not null, Numerator: not null })
            .Select(outcome => new KpiMeasurement(outcome.Date, new KpiEvidence(outcome.Numerator!.Value, outcome.Denominator, inputs, run.Value))); // filtered just before
    }

    private static string VersionOf(UsedInput used, string source) => used switch
    {
        { Version: { } version } => string.Create(CultureInfo.InvariantCulture, $"{source} version {version}"),
        { ModelVersions.IsEmpty: true } => source,
        _ => $"{source}, model {string.Join(", ", used.ModelVersions.Select(version => $"v{version.ToString(CultureInfo.InvariantCulture)}"))}",
    };

    private static JsonElement Answer(KpiRunRow? row) => JsonSerializer.SerializeToElement(new { run = row?.Id, periods = row is null ? 0 : KpiRecords.Outcomes(row).Count }, PortalJson.Options);

    /// <param name="Row">Null when nothing is due.</param>
    private sealed record Begun(KpiRunRow? Row);
}
