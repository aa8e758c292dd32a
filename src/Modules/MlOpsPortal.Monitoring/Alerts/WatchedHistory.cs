using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Monitoring.Monitors;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Kpis.Values;

namespace MlOpsPortal.Monitoring.Alerts;

/// <summary>Reads a monitor's windows and its project's KPIs as rules and causes see them.</summary>
internal sealed class WatchedHistory(KpiValueDesk kpis)
{
    /// <summary>How far back rules look: a year of weeks, two months of days.</summary>
    public const int Windows = 60;
    private const int KpiPoints = 200;

    /// <param name="budgetMs">The endpoint's latency budget.</param>
    public async Task<Watched> ReadAsync(MonitoringDbContext db, EndpointMonitor monitor, double? budgetMs, CancellationToken cancellationToken)
    {
        var saved = await db.Runs.AsNoTracking().Where(row => row.MonitorId == monitor.Id).OrderByDescending(row => row.WindowFrom).Take(Windows).ToListAsync(cancellationToken);
        // What this unit of work measured stands in it only, and over what it measured before.
        var measured = db.Runs.Local.Where(row => row.MonitorId == monitor.Id).ToDictionary(row => (row.WindowFrom, row.WindowTo));
        var rows = saved.Where(row => !measured.ContainsKey((row.WindowFrom, row.WindowTo))).Concat(measured.Values).OrderBy(row => row.WindowFrom).TakeLast(Windows);
        var series = await kpis.AllAsync(Caller.Portal(db.Tenant), monitor.Project, cancellationToken);
        return new Watched([.. rows.Select(row => Window(row, budgetMs))], series.IsOk ? [.. series.Value.Where(one => one.Values.Length > 0).Select(Kpi)] : []);
    }

    private static WatchedKpi Kpi(KpiSeries series)
    {
        var (kpi, length) = (series.Kpi, LengthOf(series.Kpi.Cadence));
        var values = series.Values.Where(value => value.KpiVersion == kpi.Version && !value.Withdrawn).TakeLast(KpiPoints).ToList();
        return new WatchedKpi(
            kpi.Id.ToString(), kpi.Name, kpi.Direction == KpiDirection.Increase, (double)kpi.Target, (double)kpi.Amber, (double)kpi.Red, values.Count > 0 && values[^1].Source == ValueSource.Measured,
            [.. values.Select(value => new KpiPoint(Start(value.Date), Start(value.Date) + length, (double)value.Value))]);
    }

    private static DateTimeOffset Start(DateOnly date) => new(date, TimeOnly.MinValue, TimeSpan.Zero);

    private static TimeSpan LengthOf(Cadence cadence) => cadence switch
    {
        Cadence.Daily => TimeSpan.FromDays(1),
        Cadence.Weekly => TimeSpan.FromDays(7),
        Cadence.Monthly => TimeSpan.FromDays(30),
        Cadence.Quarterly => TimeSpan.FromDays(91),
        Cadence.Annual => TimeSpan.FromDays(365),
        _ => throw new ArgumentOutOfRangeException(nameof(cadence), cadence, "No such cadence."),
    };

    private static WatchedWindow Window(MonitorRunRow row, double? budgetMs)
    {
        var run = MonitorHistory.Read(row);
        var detail = JsonSerializer.Deserialize<RunDetail>(row.Detail, PortalJson.Options)!; // written with the run
        var reference = run.Reference.Kind == ReferenceKind.Before ? "before" : $"{run.Reference.Kind} {run.Reference.Dataset} {run.Reference.From:O} {run.Reference.To:O}";
        return new WatchedWindow(run.From, run.To, run.Rows, reference)
        {
            Columns = Columns(run, detail),
            Predictions = run.Find(MonitorSignal.PredictionDrift, null, DriftMethods.Psi) is { Value: { } psi } score
                ? Shape(psi, detail, MonitorSignal.PredictionDrift, ColumnShape.PredictionColumn, score.ReferenceCount)
                : null,
            Outcome = Outcome(run),
            Metric = Metric(run),
            Service = run.Find(MonitorSignal.Requests) is { Value: { } requests }
                ? new WatchedService(
                    (long)requests, run.Find(MonitorSignal.ErrorShare)?.Value, run.Find(MonitorSignal.FallbackShare)?.Value, run.Find(MonitorSignal.Latency, null, "p99")?.Value, budgetMs)
                : null,
        };
    }

    private static FrozenDictionary<string, WatchedColumn> Columns(MonitorRun run, RunDetail detail) => run.Scores
        .Where(score => score.Column is not null)
        .GroupBy(score => score.Column!, StringComparer.Ordinal) // filtered above
        .ToFrozenDictionary(group => group.Key, group => new WatchedColumn(
            run.Find(MonitorSignal.Psi, group.Key, DriftMethods.Psi) is { Value: { } psi } score ? Shape(psi, detail, MonitorSignal.Psi, group.Key, score.ReferenceCount) : null,
            run.Find(MonitorSignal.MissingShare, group.Key)?.Value,
            run.Find(MonitorSignal.MissingShare, group.Key)?.Base,
            run.Find(MonitorSignal.NewValueShare, group.Key)?.Value,
            run.Find(MonitorSignal.WrongTypeShare, group.Key)?.Value), StringComparer.Ordinal);

    private static WatchedShape Shape(double psi, RunDetail detail, MonitorSignal signal, string column, long referenceRows)
    {
        var bins = detail.Bins.FirstOrDefault(candidate => candidate.Signal == signal && candidate.Column == column && candidate.Method == DriftMethods.Psi);
        return bins is { Values.Length: > 0 }
            ? new WatchedShape(psi, null, bins.Values, bins.Window, referenceRows)
            : new WatchedShape(psi, bins?.Edges, null, bins?.Window ?? [], referenceRows);
    }

    private static WatchedOutcome? Outcome(MonitorRun run)
    {
        if (run.Find(MonitorSignal.MeanOutcome) is not { Value: { } outcome } score || run.Find(MonitorSignal.PredictionMinusOutcome) is not { Value: { } minus } || score.Count == 0)
            return null;
        var spread = run.Find(MonitorSignal.Realised, null, "rmse")?.Value ?? Math.Sqrt(Math.Max(0, outcome * (1 - outcome)));
        return new WatchedOutcome(score.Count, run.Coverage ?? 0, outcome + minus, outcome, spread / Math.Sqrt(score.Count));
    }

    private static WatchedMetric? Metric(MonitorRun run)
    {
        if (run.Find(MonitorSignal.Realised, null, "roc_auc") is { Value: { } auc, Base: { } reference } score)
            return new WatchedMetric("roc_auc", auc, reference, true, 0.5, AucError(auc, run.Find(MonitorSignal.MeanOutcome)?.Value, score.Count), run.Coverage ?? 0);
        return run.Find(MonitorSignal.Realised, null, "rmse") is { Value: { } rmse, Base: { } usual } error
            ? new WatchedMetric("rmse", rmse, usual, false, null, error.Count == 0 ? null : rmse / Math.Sqrt(2.0 * error.Count), run.Coverage ?? 0)
            : null;
    }

    /// <summary>Hanley and McNeil 1982.</summary>
    private static double? AucError(double auc, double? positiveShare, long count)
    {
        if (positiveShare is not { } share || share * count < 1 || (1 - share) * count < 1)
            return null;
        var (positives, negatives) = (share * count, (1 - share) * count);
        var (q1, q2) = (auc / (2 - auc), 2 * auc * auc / (1 + auc));
        return Math.Sqrt(Math.Max(0, (auc * (1 - auc)) + ((positives - 1) * (q1 - (auc * auc))) + ((negatives - 1) * (q2 - (auc * auc)))) / (positives * negatives));
    }
}
