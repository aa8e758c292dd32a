namespace MlOpsPortal.Web.Components.Pages.Experiments;

/// <summary>A line of the runs table: a run, or a group of them.</summary>
public abstract record RunLine
{
    private RunLine()
    {
    }

    /// <param name="Depth">0, or how many parents are above it.</param>
    /// <param name="Children">How many runs are part of it, of those loaded.</param>
    public sealed record Of(RunRow Run, int Depth, int Children, bool Open, bool Pinned) : RunLine;

    /// <param name="Value">The parameter's, tag's or data sets' text; null for runs that have none.</param>
    public sealed record Group(string Key, string? Value, IReadOnlyList<RunRow> Runs, bool Open) : RunLine
    {
        /// <summary>One number of the group; null where no run has one.</summary>
        public double? Metric(string name, Aggregate by)
        {
            var values = Runs.Where(run => run.Metrics.ContainsKey(name)).Select(run => run.Metrics[name]).Where(double.IsFinite).ToList();
            return values.Count == 0 ? null : by switch
            {
                Aggregate.Average => values.Average(),
                Aggregate.Min => values.Min(),
                Aggregate.Max => values.Max(),
                _ => throw new InvalidOperationException($"There is no aggregate {by}."),
            };
        }
    }
}

/// <summary>Puts runs that came in order into the lines of the table.</summary>
public static class RunLines
{
    /// <summary>Pinned ones first; children under their parents; or groups in the order of their first run. The order of the runs is kept within.</summary>
    public static IReadOnlyList<RunLine> Of(IReadOnlyList<RunRow> runs, RunTableState state)
    {
        var pinned = state.Pinned.Select(id => runs.FirstOrDefault(run => run.Id == id)).OfType<RunRow>().ToList();
        var rest = runs.Where(run => !state.Pinned.Contains(run.Id, StringComparer.Ordinal)).ToList();
        IEnumerable<RunLine> top = pinned.Select(run => new RunLine.Of(run, 0, 0, Open: false, Pinned: true));
        return [.. top, .. state.Group is { } group && RunColumn.Parse(group) is { } column ? Groups(rest, column, state) : Tree(rest, state)];
    }

    /// <summary>The groups' text of a run.</summary>
    public static string? Value(RunRow run, RunColumn column) => column.Raw(run);

    private static IEnumerable<RunLine> Groups(List<RunRow> runs, RunColumn column, RunTableState state)
    {
        foreach (var group in runs.GroupBy(run => Value(run, column), StringComparer.Ordinal))
        {
            var key = "g:" + (group.Key ?? "");
            var open = state.Open.Contains(key, StringComparer.Ordinal);
            yield return new RunLine.Group(key, group.Key, [.. group], open);
            if (!open)
                continue;
            foreach (var run in group)
                yield return new RunLine.Of(run, 1, 0, Open: false, Pinned: false);
        }
    }

    private static List<RunLine> Tree(List<RunRow> runs, RunTableState state)
    {
        var known = runs.Select(run => run.Id).ToHashSet(StringComparer.Ordinal);
        var children = runs.Where(run => run.Parent is { } parent && parent != run.Id && known.Contains(parent)).ToLookup(run => run.Parent!, StringComparer.Ordinal); // they have one
        var lines = new List<RunLine>(runs.Count);
        var shown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var run in runs.Where(run => run.Parent is not { } parent || parent == run.Id || !known.Contains(parent)))
            Add(run, 0, isVisible: true);
        // Runs that call each other parent hang on nobody: they stand by themselves.
        foreach (var run in runs.Where(run => !shown.Contains(run.Id)))
            Add(run, 0, isVisible: true);
        return lines;

        void Add(RunRow run, int depth, bool isVisible)
        {
            if (!shown.Add(run.Id))
                return;
            var below = children[run.Id].ToList();
            var open = state.Open.Contains(run.Id, StringComparer.Ordinal);
            if (isVisible)
                lines.Add(new RunLine.Of(run, depth, below.Count, open, Pinned: false));
            foreach (var child in below)
                Add(child, depth + 1, isVisible && open);
        }
    }
}
