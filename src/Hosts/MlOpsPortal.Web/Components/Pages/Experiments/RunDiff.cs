using MlOpsPortal.Web.Components.Charts;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Components.Pages.Experiments;

/// <summary>A line of a comparison: a name and the value of each run, in the runs' order; null where a run has none.</summary>
public sealed record DiffLine(string Name, IReadOnlyList<string?> Values)
{
    /// <summary>Do the runs differ in it? A missing value differs from any other.</summary>
    public bool Differs => Values.Distinct(StringComparer.Ordinal).Count() > 1;
}

/// <summary>Runs beside each other, section by section.</summary>
public static class RunDiff
{
    public static IReadOnlyList<DiffLine> Of(IReadOnlyList<RunRow> runs, Func<RunRow, IEnumerable<string>> names, Func<RunRow, string, string?> value) =>
        [.. runs.SelectMany(names).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name => new DiffLine(name, [.. runs.Select(run => value(run, name))]))];

    /// <summary>How far a number is from the baseline's, with the share of it: "+0.021 (+2.5 %)"; null where there is nothing to subtract.</summary>
    public static string? Difference(string? value, string? baseline)
    {
        if (ParallelAxis.Number(value) is not { } number || ParallelAxis.Number(baseline) is not { } from || !double.IsFinite(number - from))
            return null;
        var difference = number - from;
        if (difference == 0)
            return "no difference";
        var share = difference / Math.Abs(from);
        return Signed(difference, Numbers.Value(Math.Abs(difference))) + (Math.Abs(share) < 1000 ? $" ({Signed(share, Numbers.Percent(Math.Abs(share)))})" : "");

        static string Signed(double of, string size) => (of < 0 ? "−" : "+") + size;
    }

    public static IReadOnlyList<DiffLine> Shown(IReadOnlyList<DiffLine> lines, bool diffOnly) => diffOnly ? [.. lines.Where(line => line.Differs)] : lines;
}
