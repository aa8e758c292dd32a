using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects.Data;
using MlOpsPortal.Projects.Ledger;

namespace MlOpsPortal.Projects.Kpis.Values;

/// <summary>A KPI's values: declared by people, measured by the portal; one per date, with their history.</summary>
public sealed class KpiValueDesk
{
    private const int MostMeasurements = 2000;
    private readonly ProjectDesk projects;
    private readonly ITenantDb<ProjectsDbContext> databases;
    private readonly DatedLedger<KpiValueRow> ledger;
    private readonly TimeProvider time;

    internal KpiValueDesk(ProjectDesk projects, ITenantDb<ProjectsDbContext> databases, TimeProvider time)
    {
        (this.projects, this.databases, this.time) = (projects, databases, time);
        ledger = new DatedLedger<KpiValueRow>(databases, KpiValueRow.Key, time);
    }

    /// <summary>Records a value for a date that has none.</summary>
    /// <returns>Conflict with the value that is there: overwriting it is another use case.</returns>
    public Task<Result<KpiValue>> RecordAsync(Caller caller, ProjectId project, KpiId kpi, RecordKpiValue request, CancellationToken cancellationToken) =>
        DeclareAsync(caller, project, kpi, request, mayOverwrite: false, seen: null, cancellationToken);

    /// <summary>Sets the value of a date, over whatever is there.</summary>
    /// <param name="seen">The revision the caller overwrites; 0 for none, null for whatever is there.</param>
    public Task<Result<KpiValue>> OverwriteAsync(Caller caller, ProjectId project, KpiId kpi, RecordKpiValue request, int? seen, CancellationToken cancellationToken) =>
        DeclareAsync(caller, project, kpi, request, mayOverwrite: true, seen, cancellationToken);

    /// <summary>Takes a date's value back; its history stays.</summary>
    public Task<Result<KpiValue>> WithdrawAsync(Caller caller, ProjectId project, KpiId kpi, DateOnly date, int? seen, CancellationToken cancellationToken) =>
        WithKpiAsync(caller, project, kpi, (state, found) => ledger.WithdrawAsync(
            caller, new LedgerPlace(state, kpi.Value, date, seen), KpiValues.View, (before, after) => new KpiValueWithdrawn(kpi, found.Name, date, after.Value), cancellationToken), cancellationToken);

    /// <summary>Puts back what stood before the last change of the date.</summary>
    public Task<Result<KpiValue>> UndoAsync(Caller caller, ProjectId project, KpiId kpi, DateOnly date, int? seen, CancellationToken cancellationToken) =>
        WithKpiAsync(caller, project, kpi, (state, found) => ledger.UndoAsync(
            caller, new LedgerPlace(state, kpi.Value, date, seen), KpiValues.View,
            (before, after) => new KpiValueUndone(kpi, found.Name, date, before?.Value, after.Withdrawn ? null : after.Value), cancellationToken), cancellationToken);

    /// <summary>Records what the portal measured, all of it or nothing. What is known already in the same way adds no revision; a declared value
    /// of the same date goes into the history.</summary>
    /// <returns>How many values were new or changed.</returns>
    public Task<Result<int>> RecordMeasuredAsync(Caller caller, ProjectId project, KpiId kpi, IReadOnlyList<KpiMeasurement> measurements, CancellationToken cancellationToken) =>
        WithKpiAsync(caller, project, kpi, (state, found) => MeasureAsync(caller, state, found, measurements, cancellationToken), cancellationToken);

    /// <summary>What holds, by date.</summary>
    public async Task<Result<KpiSeries>> SeriesAsync(Caller caller, ProjectId project, KpiId kpi, CancellationToken cancellationToken)
    {
        var found = (await projects.GetAsync(caller, project, cancellationToken)).Then(state => Find(state.State, kpi));
        return found.IsOk ? new KpiSeries(found.Value, [.. (await ledger.SeriesAsync(caller, kpi.Value, cancellationToken)).Select(KpiValues.View)]) : found.Refusal;
    }

    /// <summary>The series of every KPI of a project.</summary>
    public async Task<Result<ImmutableArray<KpiSeries>>> AllAsync(Caller caller, ProjectId project, CancellationToken cancellationToken)
    {
        var found = await projects.GetAsync(caller, project, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var values = (await ledger.OfProjectsAsync(caller, [project.Value], cancellationToken)).ToLookup(row => row.Subject, KpiValues.View);
        return found.Value.State.Kpis.Select(kpi => new KpiSeries(kpi, [.. values[kpi.Id.Value]])).ToImmutableArray();
    }

    /// <summary>Everything that was ever said about the KPI's values, newest first.</summary>
    public async Task<Result<ImmutableArray<KpiValue>>> HistoryAsync(Caller caller, ProjectId project, KpiId kpi, CancellationToken cancellationToken)
    {
        var found = (await projects.GetAsync(caller, project, cancellationToken)).Then(state => Find(state.State, kpi));
        return found.IsOk ? (await ledger.HistoryAsync(caller, kpi.Value, cancellationToken)).Select(KpiValues.View).ToImmutableArray() : found.Refusal;
    }

    private Task<Result<KpiValue>> DeclareAsync(Caller caller, ProjectId project, KpiId kpi, RecordKpiValue request, bool mayOverwrite, int? seen, CancellationToken cancellationToken) =>
        WithKpiAsync(caller, project, kpi, (state, found) => ledger.AppendAsync(
            caller, new LedgerPlace(state, kpi.Value, request.Date, seen), before => request.Decide(found, before, mayOverwrite, time.GetUtcNow()), KpiValues.View,
            (before, after) => new KpiValueRecorded(kpi, found.Name, request.Date, before?.Value, after.Value, after.Note), cancellationToken), cancellationToken);

    private async Task<Result<int>> MeasureAsync(Caller caller, Project project, Kpi kpi, IReadOnlyList<KpiMeasurement> measurements, CancellationToken cancellationToken)
    {
        if (measurements.Count > MostMeasurements || measurements.DistinctBy(one => one.Date).Count() != measurements.Count)
            return new Validation("projects.measurements", MostMeasurements.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await using var db = databases.Open(caller.Tenant);
        var dates = measurements.Select(one => one.Date).ToList();
        var known = (await db.KpiValues.AsNoTracking().Where(row => row.Subject == kpi.Id.Value && dates.Contains(row.Date)).ToListAsync(cancellationToken))
            .GroupBy(row => row.Date).ToDictionary(group => group.Key, group => group.MaxBy(row => row.Revision)!); // a group is never empty
        var (now, added) = (time.GetMicrosecondNow(), 0);
        foreach (var measurement in measurements)
        {
            var decided = MeasuredKpiValue.Decide(kpi, measurement, now);
            if (!decided.IsOk)
                return decided.Refusal;
            var before = known.GetValueOrDefault(measurement.Date);
            if (!MeasuredKpiValue.Differs(before is { Withdrawn: true } ? null : before, decided.Value))
                continue;
            DatedLedger<KpiValueRow>.Stamp(caller, new LedgerPlace(project, kpi.Id.Value, measurement.Date, null), decided.Value, (before?.Revision ?? 0) + 1, now);
            db.Add(decided.Value);
            added++;
        }

        if (added == 0)
            return 0;
        db.Record(caller, DatedLedger<KpiValueRow>.SubjectOf(project), new KpiMeasured(kpi.Id, kpi.Name, added, dates.Min(), dates.Max()), now);
        return await db.CommitAsync(caller, added, now, cancellationToken, new Dictionary<string, Refusal>(StringComparer.Ordinal) { [KpiValueRow.Key] = new Conflict("stale") });
    }

    private async Task<Result<T>> WithKpiAsync<T>(Caller caller, ProjectId project, KpiId kpi, Func<Project, Kpi, Task<Result<T>>> write, CancellationToken cancellationToken)
    {
        var state = await projects.ForRecordingAsync(caller, project, cancellationToken);
        if (!state.IsOk)
            return state.Refusal;
        var found = Find(state.Value, kpi);
        return found.IsOk ? await write(state.Value, found.Value) : found.Refusal;
    }

    private static Result<Kpi> Find(Project project, KpiId kpi) => project.Kpis.FirstOrDefault(one => one.Id == kpi) is { } found ? found : new NotFound();
}
