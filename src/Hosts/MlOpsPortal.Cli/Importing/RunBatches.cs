using MlOpsPortal.Cli.Mlflow;

namespace MlOpsPortal.Cli.Importing;

/// <summary>Packs points, parameters and tags of one run into as few batches as MLflow's limits allow.</summary>
internal sealed class RunBatches(MlflowServer target, string runId, IEnumerable<KeyValue> parameters, IEnumerable<KeyValue> tags)
{
    private const int MostParams = 100;
    private const int MostTags = 100;
    private const int MostPoints = 1000 - MostParams - MostTags;
    private readonly Queue<KeyValue> parameters = new(parameters);
    private readonly Queue<KeyValue> tags = new(tags);
    private readonly List<Metric> points = [];

    public async Task AddAsync(Metric point, CancellationToken stop)
    {
        points.Add(point);
        if (points.Count == MostPoints) await SendAsync(stop);
    }

    /// <param name="last">Comes with, or after, all the rest; null for none.</param>
    public async Task FinishAsync(KeyValue? last, CancellationToken stop)
    {
        if (last is not null) tags.Enqueue(last);
        while (points.Count + parameters.Count + tags.Count > 0) await SendAsync(stop);
    }

    private async Task SendAsync(CancellationToken stop)
    {
        await target.LogBatchAsync(runId, points, Take(parameters, MostParams), Take(tags, MostTags), stop);
        points.Clear();
    }

    private static List<KeyValue> Take(Queue<KeyValue> from, int most)
    {
        var taken = new List<KeyValue>();
        while (taken.Count < most && from.TryDequeue(out var value)) taken.Add(value);
        return taken;
    }
}
