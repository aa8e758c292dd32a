namespace MlOpsPortal.Web.Components.Pages.Experiments;

/// <summary>Which runs have their eye open: those the charts draw.</summary>
public static class RunEye
{
    /// <summary>More are not drawn at once, whatever is asked: a chart of hundreds of lines tells nobody anything.</summary>
    public const int Most = 100;

    /// <param name="lines">As the table shows them: "first" is the first from the top. Runs folded under a parent or group count where they would stand.</param>
    /// <param name="runs">All that are loaded.</param>
    /// <param name="state">What was chosen, with single runs turned around.</param>
    public static IReadOnlyList<RunRow> Visible(IReadOnlyList<RunLine> lines, IReadOnlyList<RunRow> runs, RunTableState state)
    {
        var order = lines.SelectMany(line => line switch
        {
            RunLine.Of one => [one.Run],
            RunLine.Group group => group.Runs,
            _ => throw new InvalidOperationException($"There is no line {line.GetType().Name}."),
        }).Concat(runs).DistinctBy(run => run.Id, StringComparer.Ordinal).ToList();
        var chosen = Chosen(order, state).Select(run => run.Id).ToHashSet(StringComparer.Ordinal);
        return [.. order.Where(run => chosen.Contains(run.Id) != state.Turned.Contains(run.Id, StringComparer.Ordinal)).Take(Most)];
    }

    private static IEnumerable<RunRow> Chosen(IReadOnlyList<RunRow> order, RunTableState state) => state.Eye switch
    {
        Eye.First10 => order.Take(10),
        Eye.First20 => order.Take(20),
        Eye.All => order,
        Eye.None => [],
        Eye.Unfinished => order.Where(run => !run.IsOver),
        _ => throw new InvalidOperationException($"There is no eye {state.Eye}."),
    };
}
