using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Monitoring.KpiTracking.Marks;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Kpis.Values;

namespace MlOpsPortal.Monitoring.KpiTracking;

/// <summary>Reads a KPI's values, declared and measured, with what measured them and what happened meanwhile.</summary>
public sealed class KpiTracker
{
    private readonly KpiValueDesk values;
    private readonly ITenantDb<MonitoringDbContext> databases;
    private readonly IEnumerable<IKpiMarks> marks;
    private readonly RefusalTexts texts;
    private readonly TimeProvider time;

    internal KpiTracker(KpiValueDesk values, ITenantDb<MonitoringDbContext> databases, IEnumerable<IKpiMarks> marks, RefusalTexts texts, TimeProvider time) =>
        (this.values, this.databases, this.marks, this.texts, this.time) = (values, databases, marks, texts, time);

    public async Task<Result<KpiTrack>> TrackAsync(Caller caller, ProjectId project, KpiId id, CancellationToken cancellationToken)
    {
        var series = await values.SeriesAsync(caller, project, id, cancellationToken);
        if (!series.IsOk)
            return series.Refusal;
        await using var db = databases.Open(caller.Tenant);
        var runs = await db.KpiRuns.AsNoTracking().Where(run => run.KpiId == id).ToListAsync(cancellationToken);
        var definitions = await KpiRecords.DefinitionsAsync(db, id, cancellationToken);
        var points = Points(series.Value.Values, runs);
        var happened = ImmutableArray.CreateBuilder<KpiMark>();
        var from = points.IsEmpty ? time.GetUtcNow() : new DateTimeOffset(points[0].PeriodStart ?? points[0].Value.Date, TimeOnly.MinValue, TimeSpan.Zero);
        foreach (var source in marks)
            happened.AddRange(await source.FindAsync(caller, project, from, cancellationToken));
        var current = definitions.Count == 0 ? null : definitions[^1];
        return new KpiTrack(
            project, series.Value.Kpi, points, current is null ? [] : Without(KpiRecords.Newest(runs, current.Number)), [.. happened.OrderBy(mark => mark.At)],
            KpiFreshness.Of(series.Value.Kpi, points is [.., var last] ? last.Value.Date : null, current?.Spec.SettleDays ?? 0, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)));
    }

    internal static ImmutableArray<KpiPoint> Points(ImmutableArray<KpiValue> values, IReadOnlyCollection<KpiRunRow> runs)
    {
        var byRun = runs.ToDictionary(run => run.Id.Value, run => (run.Definition, Starts: KpiRecords.Outcomes(run).ToDictionary(outcome => outcome.Date, outcome => outcome.Start)));
        var points = ImmutableArray.CreateBuilder<KpiPoint>(values.Length);
        var (section, formula, measured) = (0, 0, 0);
        foreach (var value in values)
        {
            var run = value.Evidence is { } evidence && byRun.TryGetValue(evidence.Run, out var found) ? found : default;
            int? definition = run.Starts is null ? null : run.Definition;
            if ((formula != 0 && value.KpiVersion != formula) || (definition is { } now && measured != 0 && now != measured))
                section++;
            (formula, measured) = (value.KpiVersion, definition ?? measured);
            points.Add(new KpiPoint(value, run.Starts is not null && run.Starts.TryGetValue(value.Date, out var start) ? start : null, definition, section));
        }

        return points.ToImmutable();
    }

    private ImmutableArray<PeriodWithout> Without(Dictionary<DateOnly, PeriodOutcome> known) =>
        [.. known.Values.Where(outcome => outcome.Why is not null).OrderBy(outcome => outcome.Start).Select(outcome => new PeriodWithout(outcome.Start, outcome.Date, texts.Sentence(outcome.Why!)))];
}
