using System.Globalization;
using MlOpsPortal.Web.Components.Charts;

namespace MlOpsPortal.Web.Components.Pages.Experiments;

/// <summary>Which parameters and metrics of runs a comparison draws, until somebody chooses.</summary>
public static class CompareAxes
{
    private const int MostAxes = 8;

    /// <summary>Parameters first, then metrics, by name.</summary>
    public static IReadOnlyList<RunColumn> All(IReadOnlyList<RunRow> runs) =>
    [
        .. runs.SelectMany(run => run.Params.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name => new RunColumn(ColumnKind.Param, name)),
        .. runs.SelectMany(run => run.Metrics.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name => new RunColumn(ColumnKind.Metric, name)),
    ];

    /// <summary>Parameters that differ and the first metrics, so that a metric colours the lines.</summary>
    public static IReadOnlyList<RunColumn> Parallel(IReadOnlyList<RunRow> runs, IReadOnlyList<string>? chosen)
    {
        var all = All(runs);
        if (chosen is not null)
            return [.. chosen.Select(RunColumn.Parse).OfType<RunColumn>().Where(all.Contains)];
        var metrics = Metrics(runs).Take(2).Reverse().ToList();
        return [.. all.Where(column => column.Kind == ColumnKind.Param && Differs(runs, column)).Take(MostAxes - metrics.Count), .. metrics];
    }

    /// <summary>An axis of a chart of two or three: the one asked for, else the first that is useful there.</summary>
    /// <param name="taken">What the chart's other axes show: it is taken again only where nothing else is left.</param>
    public static RunColumn? Pick(IReadOnlyList<RunRow> runs, string? asked, ColumnKind kind, bool isNumeric = true, IReadOnlyList<RunColumn?>? taken = null)
    {
        var all = All(runs);
        if (asked is not null && RunColumn.Parse(asked) is { } wanted && all.Contains(wanted))
            return wanted;
        var free = all.Except((taken ?? []).OfType<RunColumn>()).ToList();
        var candidates = kind == ColumnKind.Metric ? Metrics(runs) : all.Where(column => column.Kind == kind && Differs(runs, column) && (!isNumeric || IsNumeric(runs, column)));
        return candidates.FirstOrDefault(free.Contains) ?? free.Find(column => !isNumeric || IsNumeric(runs, column)) ?? (free.Count > 0 ? free[0] : all.Count > 0 ? all[^1] : null);
    }

    public static bool IsNumeric(IReadOnlyList<RunRow> runs, RunColumn column) =>
        column.Kind == ColumnKind.Metric || runs.Select(column.Raw).OfType<string>().All(text => ParallelAxis.Number(text) is not null);

    public static double? Number(RunRow run, RunColumn column) =>
        column.Kind == ColumnKind.Metric ? run.Metrics.TryGetValue(column.Name, out var value) ? value : null : ParallelAxis.Number(column.Raw(run));

    public static ParallelAxis Axis(IReadOnlyList<RunRow> runs, RunColumn column) => new(column.Key, column.Name, [.. runs.Select(run => Text(run, column))]);

    // A metric that is not finite has no place on an axis.
    private static string? Text(RunRow run, RunColumn column) =>
        column.Kind == ColumnKind.Metric ? run.Metrics.TryGetValue(column.Name, out var value) && double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : null : column.Raw(run);

    // Metrics that most runs have come first: the others compare little.
    private static IEnumerable<RunColumn> Metrics(IReadOnlyList<RunRow> runs) =>
        All(runs).Where(column => column.Kind == ColumnKind.Metric && !column.Name.StartsWith(MetricSections.SystemPrefix, StringComparison.Ordinal))
            .OrderByDescending(column => Preferred(column.Name)).ThenByDescending(column => runs.Count(run => run.Metrics.ContainsKey(column.Name))).ThenBy(column => column.Name, StringComparer.Ordinal);

    // What was measured on rows that training did not see is what people choose by.
    private static bool Preferred(string name) => name.StartsWith("val", StringComparison.OrdinalIgnoreCase) || name.StartsWith("test", StringComparison.OrdinalIgnoreCase) || name.StartsWith("eval", StringComparison.OrdinalIgnoreCase);

    private static bool Differs(IReadOnlyList<RunRow> runs, RunColumn column) => runs.Select(column.Raw).Distinct(StringComparer.Ordinal).Count() > 1;
}
