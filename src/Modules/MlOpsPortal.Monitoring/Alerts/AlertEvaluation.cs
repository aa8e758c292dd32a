using System.Collections.Immutable;

namespace MlOpsPortal.Monitoring.Alerts;

/// <summary>A time in which a rule fired for one subject.</summary>
/// <param name="Subject">Feature or KPI; null when the signal has only one.</param>
/// <param name="Began">The first window that counted towards firing.</param>
/// <param name="Fired">The end of the window that completed M of N.</param>
/// <param name="Latest">The end of the latest window in which the first condition held.</param>
/// <param name="Ended">The end of the window after which it was over; null while it fires.</param>
/// <param name="Value">Of the first condition when it fired.</param>
/// <param name="LatestValue">Of the first condition in the latest window.</param>
public sealed record AlertEpisode(string? Subject, DateTimeOffset Began, DateTimeOffset Fired, DateTimeOffset Latest, DateTimeOffset? Ended, double Value, double LatestValue);

/// <summary>Decides from what was watched when a rule fires: the same function for the live evaluation and for the preview on past data.</summary>
public static class AlertEvaluation
{
    /// <summary>All episodes of a rule, oldest first.</summary>
    public static ImmutableArray<AlertEpisode> Episodes(AlertRule rule, Watched watched)
    {
        if (rule.Signal == AlertSignal.Kpi)
            return [.. watched.Kpis.Where(kpi => rule.Column is null || rule.Column == kpi.Name)
                .SelectMany(kpi => Walk(rule, kpi.Name, KpiPoints(rule, kpi))).OrderBy(episode => episode.Fired)];
        return [.. Subjects(rule, watched.Windows).SelectMany(subject => Walk(rule, subject, Points(rule, subject, watched.Windows))).OrderBy(episode => episode.Fired)];
    }

    private static IEnumerable<string?> Subjects(AlertRule rule, IReadOnlyList<WatchedWindow> windows) => rule.Signal
        is AlertSignal.ColumnDrift or AlertSignal.MissingShare or AlertSignal.NewValues or AlertSignal.ContractViolations
            ? rule.Column is { } one ? [one] : windows.SelectMany(window => window.Columns.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            : [null];

    private static IEnumerable<Point> Points(AlertRule rule, string? subject, IReadOnlyList<WatchedWindow> windows)
    {
        for (var index = 0; index < windows.Count; index++)
        {
            var window = windows[index];
            if (!Readings.Counts(rule, window) || Readings.Of(rule, subject, rule.Conditions[0], windows, index) is not { } first)
                continue;
            var holds = first.Reaches(rule.Conditions[0].Threshold);
            var hit = holds && rule.Conditions.Skip(1).All(condition => Readings.Of(rule, subject, condition, windows, index) is { } reading && reading.Reaches(condition.Threshold));
            yield return new Point(window.From, window.To, hit, holds, first.Value, window.Reference);
        }
    }

    private static IEnumerable<Point> KpiPoints(AlertRule rule, WatchedKpi kpi)
    {
        for (var index = 0; index < kpi.Points.Count; index++)
        {
            var point = kpi.Points[index];
            var readings = rule.Conditions.Select(condition => (condition, Value: KpiReading(kpi, index, condition))).ToList();
            if (readings[0].Value is not { } first)
                continue;
            var hits = readings.Select(reading => reading.Value is { } value && value.Reaches(reading.condition.Threshold)).ToList();
            yield return new Point(point.From, point.To, hits.TrueForAll(hit => hit), hits[0], first.Value, "");
        }
    }

    private static Reading? KpiReading(WatchedKpi kpi, int index, AlertCondition condition) => condition.Against switch
    {
        AlertComparison.KpiThreshold => new(kpi.Degree(kpi.Points[index].Value), 0),
        AlertComparison.WindowBefore => index >= condition.WindowsBack ? new(kpi.Slip(kpi.Points[index].Value, kpi.Points[index - condition.WindowsBack].Value), 0) : null,
        AlertComparison.Fixed => new(kpi.Points[index].Value, 0, kpi.HigherIsBetter),
        AlertComparison.Reference => null,
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition.Against, "No such comparison."),
    };

    /// <summary>Fires in the window that completes M of N; is over after N windows without the first condition, or when the reference changes.</summary>
    private static IEnumerable<AlertEpisode> Walk(AlertRule rule, string? subject, IEnumerable<Point> points)
    {
        var recent = new Queue<Point>();
        AlertEpisode? open = null;
        var quiet = 0;
        foreach (var point in points)
        {
            if (recent.Count > 0 && recent.Last().Reference != point.Reference)
            {
                recent.Clear();
                if (open is not null)
                    yield return open with { Ended = point.From };
                (open, quiet) = (null, 0);
            }

            recent.Enqueue(point);
            if (recent.Count > rule.Of)
                recent.Dequeue();
            if (open is not null)
            {
                quiet = point.Holds ? 0 : quiet + 1;
                open = open with { Latest = point.Holds ? point.To : open.Latest, LatestValue = point.Value };
                if (quiet < rule.Of)
                    continue;
                yield return open with { Ended = point.To };
                (open, quiet) = (null, 0);
                recent.Clear();
            }
            else if (point.Hit && recent.Count(seen => seen.Hit) >= rule.Hits)
            {
                open = new AlertEpisode(subject, recent.First(seen => seen.Hit).From, point.To, point.To, null, point.Value, point.Value);
            }
        }

        if (open is not null)
            yield return open;
    }

    private readonly record struct Point(DateTimeOffset From, DateTimeOffset To, bool Hit, bool Holds, double Value, string Reference);
}
