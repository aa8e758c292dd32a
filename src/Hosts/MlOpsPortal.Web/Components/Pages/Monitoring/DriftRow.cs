using MlOpsPortal.Monitoring.Monitors;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Components.Pages.Monitoring;

/// <summary>A column of the drift table.</summary>
/// <param name="Shape">Both distributions; null where they cannot be drawn.</param>
public sealed record DriftRow(string Column, ColumnShape? Shape, Score? Psi, Score? Ks, Score? LInfinity, IReadOnlyList<Score> Scores, string Note)
{
    /// <summary>Drifted first; what cannot be computed comes before what is steady.</summary>
    public static IReadOnlyList<DriftRow> Of(MonitorRun run, RunDetail detail)
    {
        var shapes = detail.Shapes.ToDictionary(shape => shape.Column, StringComparer.Ordinal);
        return
        [
            .. run.Scores.Where(score => score.Column is not null).GroupBy(score => score.Column!, StringComparer.Ordinal) // filtered just before
                .Select(column => new DriftRow(
                    column.Key, shapes.GetValueOrDefault(column.Key), column.FirstOrDefault(score => score.Signal == MonitorSignal.Psi), column.FirstOrDefault(score => score.Signal == MonitorSignal.Ks),
                    column.FirstOrDefault(score => score.Signal == MonitorSignal.LInfinity), [.. column], Explain([.. column], detail)))
                .OrderByDescending(row => row.Psi?.Value ?? (row.Psi?.NotComputable is null ? -1 : MonitoringWords.Watch)).ThenBy(row => row.Column, StringComparer.Ordinal),
        ];
    }

    public double[] ReferenceShares => Shares(Shape?.Reference);

    public double[] WindowShares => Shares(Shape?.Window);

    /// <summary>The bins of the drawn distributions by name.</summary>
    public IEnumerable<string> Bins => Shape is null ? [] : Shape.Values.Length > 0 ? Shape.Values : Shape.Edges.Zip(Shape.Edges.Skip(1), (from, to) => $"{Numbers.Value(from)} to {Numbers.Value(to)}");

    /// <summary>Where the shares differ most, and what else is unusual.</summary>
    private static string Explain(IReadOnlyList<Score> scores, RunDetail detail)
    {
        var notes = new List<string>();
        var psi = scores.FirstOrDefault(score => score.Signal == MonitorSignal.Psi);
        if (psi?.Value is null && psi?.NotComputable is { } why)
            notes.Add(MonitoringWords.Why(why));
        if (psi?.Value >= MonitoringWords.Watch && detail.Bins.FirstOrDefault(bins => bins.Signal == MonitorSignal.Psi && bins.Column == psi.Column) is { } found)
            notes.Add(Most(found));
        foreach (var (signal, least) in new[] { (MonitorSignal.NewValueShare, 0.001), (MonitorSignal.OutOfRangeShare, 0.01), (MonitorSignal.WrongTypeShare, 0) })
            if (scores.FirstOrDefault(score => score.Signal == signal) is { Value: { } share } && share > least)
                notes.Add($"{Numbers.Percent(share)} {MonitoringWords.Signal(signal)}");
        if (scores.FirstOrDefault(score => score.Signal == MonitorSignal.MissingShare) is { Value: { } missing, Base: { } before } && Math.Abs(missing - before) > 0.05)
            notes.Add($"{Numbers.Percent(missing)} missing, {Numbers.Percent(before)} in the reference");
        return string.Join("; ", notes);
    }

    private static string Most(ScoreBins bins)
    {
        double before = Math.Max(bins.Reference.Sum(), 1), now = Math.Max(bins.Window.Sum(), 1);
        var most = Enumerable.Range(0, bins.Reference.Length).MaxBy(bin => Math.Abs((bins.Window[bin] / now) - (bins.Reference[bin] / before)));
        return $"{Name(bins, most)}: {Numbers.Percent(bins.Window[most] / now, 0)}, {Numbers.Percent(bins.Reference[most] / before, 0)} in the reference";
    }

    private static string Name(ScoreBins bins, int bin) =>
        bins.Values.Length > 0 ? bins.Values[bin]
        : bin == 0 ? $"under {Numbers.Value(bins.Edges[0])}"
        : bin == bins.Edges.Length ? $"{Numbers.Value(bins.Edges[^1])} and more"
        : $"{Numbers.Value(bins.Edges[bin - 1])} to {Numbers.Value(bins.Edges[bin])}";

    private static double[] Shares(IReadOnlyList<long>? counts)
    {
        if (counts is null)
            return [];
        double total = Math.Max(counts.Sum(), 1);
        return [.. counts.Select(count => count / total)];
    }
}
