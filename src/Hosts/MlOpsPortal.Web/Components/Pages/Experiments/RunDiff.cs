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

    public static IReadOnlyList<DiffLine> Shown(IReadOnlyList<DiffLine> lines, bool diffOnly) => diffOnly ? [.. lines.Where(line => line.Differs)] : lines;
}
