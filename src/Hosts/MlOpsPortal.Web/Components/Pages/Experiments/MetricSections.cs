namespace MlOpsPortal.Web.Components.Pages.Experiments;

/// <summary>Metrics of runs in the sections of the charts: those of the model, then those of the machine.</summary>
public static class MetricSections
{
    public const string SystemPrefix = "system/";

    /// <summary>The metrics whose cards are on the page.</summary>
    public static IEnumerable<string> Shown(IReadOnlyList<RunRow> runs, ChartState state) => Of(runs, state.Find).SelectMany(section => section.Keys.Take(state.Cards));

    /// <param name="runs">Those drawn.</param>
    /// <param name="find">Part of a name; empty for all.</param>
    public static List<(string Title, IReadOnlyList<string> Keys)> Of(IReadOnlyList<RunRow> runs, string find)
    {
        var keys = runs.SelectMany(run => run.Metrics.Keys).Distinct(StringComparer.Ordinal).Where(key => key.Contains(find, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).ToLookup(key => key.StartsWith(SystemPrefix, StringComparison.Ordinal));
        return [.. new[] { ("Model metrics", false), ("System metrics", true) }.Where(section => keys[section.Item2].Any()).Select(section => (section.Item1, (IReadOnlyList<string>)[.. keys[section.Item2]]))];
    }
}
