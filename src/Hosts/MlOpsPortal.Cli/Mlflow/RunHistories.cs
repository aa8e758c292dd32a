using System.Runtime.CompilerServices;

namespace MlOpsPortal.Cli.Mlflow;

/// <summary>The histories of a handful of runs: those with few points all at once, the others as they are asked for.</summary>
internal sealed class RunHistories
{
    /// <summary>Runs whose points are held in memory together.</summary>
    public const int Runs = 50;

    private readonly Dictionary<string, ILookup<string, Metric>> ready = new(StringComparer.Ordinal);
    private readonly MlflowServer server;

    private RunHistories(MlflowServer server) => this.server = server;

    /// <param name="runs">At most <see cref="Runs"/>.</param>
    public static async Task<RunHistories> ReadAsync(MlflowServer server, IReadOnlyList<Run> runs, CancellationToken stop)
    {
        var histories = new RunHistories(server);
        var keys = runs.SelectMany(run => run.Data.Metrics.Select(metric => (metric.Key, run.Id))).GroupBy(pair => pair.Key, pair => pair.Id, StringComparer.Ordinal);
        foreach (var key in keys.Where(key => key.Count() > 1))
        {
            if (await server.HistoriesAsync([.. key], key.Key, stop) is { } points) histories.ready[key.Key] = points;
        }

        return histories;
    }

    public async IAsyncEnumerable<Metric> OfAsync(Run run, string key, [EnumeratorCancellation] CancellationToken stop)
    {
        if (ready.TryGetValue(key, out var points))
        {
            foreach (var point in points[run.Id]) yield return point;
        }
        else
        {
            await foreach (var point in server.HistoryAsync(run.Id, key, stop)) yield return point;
        }
    }
}
