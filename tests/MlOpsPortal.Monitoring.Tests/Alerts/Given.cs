using System.Collections.Frozen;
using MlOpsPortal.Monitoring.Alerts;

namespace MlOpsPortal.Monitoring.Tests.Alerts;

/// <summary>Weeks of a monitored model as tests need them: columns over four bins, everything steady unless said otherwise.</summary>
internal static class Given
{
    public const int Rows = 1600;
    public static readonly DateTimeOffset Start = new(2025, 1, 6, 0, 0, 0, TimeSpan.Zero);
    private static readonly double[] Reference = [0.25, 0.25, 0.25, 0.25];

    public static DateTimeOffset Monday(int week) => Start.AddDays(7 * (week - 1));

    /// <param name="share">Of a column's first bin in a week; 0.25 is as in the reference.</param>
    public static WatchedWindow Week(int week, Func<int, string, double> share, int columns = 6, double? auc = null, double? outcome = null, int rows = Rows, string reference = "test")
    {
        var names = Enumerable.Range(1, columns).Select(number => $"c{number}");
        return new WatchedWindow(Monday(week), Monday(week + 1), rows, reference)
        {
            Columns = names.ToFrozenDictionary(name => name, name => Column(share(week, name), rows), StringComparer.Ordinal),
            Metric = auc is { } value ? new WatchedMetric("roc_auc", value, 0.75, true, 0.5, 0.015, 1) : null,
            Outcome = outcome is { } mean ? new WatchedOutcome(rows, 1, 0.2, mean, Math.Sqrt(mean * (1 - mean) / rows)) : null,
        };
    }

    public static Watched Weeks(int count, Func<int, string, double> share, Func<int, double>? auc = null, Func<int, double>? outcome = null, IReadOnlyList<WatchedKpi>? kpis = null) =>
        new([.. Enumerable.Range(1, count).Select(week => Week(week, share, auc: auc?.Invoke(week), outcome: outcome?.Invoke(week)))], kpis ?? []);

    public static double Steady(int week, string column) => 0.25;

    public static WatchedKpi Kpi(int count, Func<int, double> value) =>
        new("k", "Visit share", true, 0.2, 0.16, 0.14, true, [.. Enumerable.Range(1, count).Select(week => new KpiPoint(Monday(week), Monday(week + 1), value(week)))]);

    /// <summary>What the default rules fire, as "rule/subject", with the week that completed M of N.</summary>
    public static IReadOnlyList<(string Rule, AlertEpisode Episode)> Fired(Watched watched) =>
        [.. DefaultRules.All.SelectMany(rule => AlertEvaluation.Episodes(rule, watched).Select(episode => (rule.Name, episode)))];

    public static int WeekOf(DateTimeOffset end) => (int)((end - Start).TotalDays / 7);

    private static WatchedColumn Column(double share, int rows)
    {
        var rest = (1 - share) / 3;
        double[] shares = [share, rest, rest, rest];
        var psi = shares.Zip(Reference).Sum(pair => (pair.First - pair.Second) * Math.Log(pair.First / pair.Second));
        return new WatchedColumn(new WatchedShape(psi, [1, 2, 3], null, [.. shares.Select(part => (long)Math.Round(part * rows))], 10_000), 0, 0, null, 0);
    }
}
