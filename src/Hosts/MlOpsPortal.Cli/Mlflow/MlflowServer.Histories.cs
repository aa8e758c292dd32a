using MlOpsPortal.Cli.Connections;

namespace MlOpsPortal.Cli.Mlflow;

/// <summary>Histories of one metric for many runs in one request, as MLflow's pages ask for them: most runs have few points, and a request each is what takes the time.</summary>
internal sealed partial class MlflowServer
{
    public const int MostRunsAtOnce = 100;

    /// <summary>Set when the server has no such route.</summary>
    private volatile bool withoutBulk;

    /// <returns>By run, whole histories; null when they have to be asked for one by one: too many points for one answer, or a server that cannot do this.</returns>
    /// <param name="runIds">At most <see cref="MostRunsAtOnce"/>.</param>
    public async Task<ILookup<string, Metric>?> HistoriesAsync(IReadOnlyList<string> runIds, string key, CancellationToken stop)
    {
        if (withoutBulk) return null;
        try
        {
            var page = await connection.GetAsync<MetricPage>(
                "ajax-api/2.0/mlflow/metrics/get-history-bulk", stop, [.. runIds.Select(id => ("run_id", (string?)id)), ("metric_key", key), ("max_results", $"{PointsAPage}")]);
            var points = page.Metrics ?? [];
            return points.Count < PointsAPage ? points.ToLookup(point => point.RunId ?? "", StringComparer.Ordinal) : null;
        }
        catch (MlflowRefusal)
        {
            withoutBulk = true;
            return null;
        }
        catch (CliFailure failure) when (failure.InnerException is System.Text.Json.JsonException)
        {
            return null; // a NaN among the points, which MLflow writes here as no JSON knows it
        }
    }
}
