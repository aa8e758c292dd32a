using MlOpsPortal.Cli.Connections;

namespace MlOpsPortal.Cli.Mlflow;

/// <summary>Experiments and runs.</summary>
internal sealed partial class MlflowServer
{
    private const int ExperimentsAPage = 1000;
    private const int RunsAPage = 500;
    private const int PointsAPage = 25_000;

    private static readonly string[] OldestFirst = ["attributes.start_time ASC"];

    private sealed record ExperimentPage(IReadOnlyList<Experiment>? Experiments, string? NextPageToken);

    private sealed record ExperimentAnswer(Experiment Experiment);

    private sealed record ExperimentMade(string ExperimentId);

    private sealed record RunPage(IReadOnlyList<Run>? Runs, string? NextPageToken);

    private sealed record RunAnswer(Run Run);

    private sealed record MetricPage(IReadOnlyList<Metric>? Metrics, string? NextPageToken);

    /// <summary>Deleted ones too.</summary>
    public IAsyncEnumerable<Experiment> ExperimentsAsync(CancellationToken stop) => PagesAsync(
        async token =>
        {
            var page = await connection.PostAsync<ExperimentPage>(Api + "experiments/search", new { max_results = ExperimentsAPage, view_type = "ALL", page_token = token }, stop);
            return (page.Experiments ?? [], page.NextPageToken);
        },
        stop);

    public async Task<Experiment> ExperimentAsync(string id, CancellationToken stop) =>
        (await connection.GetAsync<ExperimentAnswer>(Api + "experiments/get", stop, ("experiment_id", id))).Experiment;

    /// <summary>Null when there is none.</summary>
    public async Task<Experiment?> ExperimentByNameAsync(string name, CancellationToken stop)
    {
        try
        {
            return (await connection.GetAsync<ExperimentAnswer>(Api + "experiments/get-by-name", stop, ("experiment_name", name))).Experiment;
        }
        catch (MlflowRefusal refusal) when (refusal.IsMissing)
        {
            return null;
        }
    }

    /// <summary>A name is taken once, so that it may be sent again: the answer is then that the name is taken.</summary>
    public async Task<string> CreateExperimentAsync(string name, IReadOnlyList<KeyValue> tags, CancellationToken stop) =>
        (await connection.PostAsync<ExperimentMade>(Api + "experiments/create", new { name, tags }, stop)).ExperimentId;

    public Task SetExperimentTagAsync(string id, KeyValue tag, CancellationToken stop) =>
        connection.PostAsync<Nothing>(Api + "experiments/set-experiment-tag", new { experiment_id = id, key = tag.Key, value = tag.Value }, stop);

    public Task DeleteExperimentAsync(string id, CancellationToken stop) => connection.PostAsync<Nothing>(Api + "experiments/delete", new { experiment_id = id }, stop);

    public Task RestoreExperimentAsync(string id, CancellationToken stop) => connection.PostAsync<Nothing>(Api + "experiments/restore", new { experiment_id = id }, stop);

    /// <summary>Deleted ones too, oldest first: what is logged meanwhile comes at the end.</summary>
    public IAsyncEnumerable<Run> RunsAsync(string experimentId, CancellationToken stop, string? filter = null) => PagesAsync(
        async token =>
        {
            var asked = new
            {
                experiment_ids = new[] { experimentId }, run_view_type = "ALL", max_results = RunsAPage, order_by = OldestFirst, page_token = token, filter,
            };
            var page = await connection.PostAsync<RunPage>(Api + "runs/search", asked, stop);
            return (page.Runs ?? [], page.NextPageToken);
        },
        stop);

    public async Task<Run> RunAsync(string id, CancellationToken stop) =>
        (await connection.GetAsync<RunAnswer>(Api + "runs/get", stop, ("run_id", id), ("run_uuid", id))).Run;

    /// <exception cref="UncertainAnswer">It may have been created; look before trying again.</exception>
    public async Task<Run> CreateRunAsync(string experimentId, RunInfo like, IReadOnlyList<KeyValue> tags, CancellationToken stop)
    {
        var body = new
        {
            experiment_id = experimentId, user_id = like.UserId.Length > 0 ? like.UserId : null, run_name = like.RunName.Length > 0 ? like.RunName : null, start_time = like.StartTime, tags,
        };
        return (await connection.PostAsync<RunAnswer>(Api + "runs/create", body, stop, Repeat.AfterLooking)).Run;
    }

    /// <param name="end">Milliseconds since 1970; null leaves it unset.</param>
    public Task UpdateRunAsync(string id, string status, long? end, CancellationToken stop) =>
        connection.PostAsync<Nothing>(Api + "runs/update", new { run_id = id, run_uuid = id, status, end_time = end }, stop);

    public Task DeleteRunAsync(string id, CancellationToken stop) => connection.PostAsync<Nothing>(Api + "runs/delete", new { run_id = id }, stop);

    public Task RestoreRunAsync(string id, CancellationToken stop) => connection.PostAsync<Nothing>(Api + "runs/restore", new { run_id = id }, stop);

    /// <summary>At most 1,000 in total; points that are there already change nothing.</summary>
    public Task LogBatchAsync(string id, IReadOnlyList<Metric> metrics, IReadOnlyList<KeyValue> parameters, IReadOnlyList<KeyValue> tags, CancellationToken stop) =>
        connection.PostAsync<Nothing>(Api + "runs/log-batch", new { run_id = id, metrics, @params = parameters, tags }, stop);

    public Task LogInputsAsync(string id, IReadOnlyList<DatasetInput> datasets, IReadOnlyList<ModelReference> models, CancellationToken stop) =>
        connection.PostAsync<Nothing>(Api + "runs/log-inputs", new { run_id = id, datasets, models }, stop);

    public Task LogOutputsAsync(string id, IReadOnlyList<ModelReference> models, CancellationToken stop) =>
        connection.PostAsync<Nothing>(Api + "runs/outputs", new { run_id = id, models }, stop);

    public IAsyncEnumerable<Metric> HistoryAsync(string runId, string key, CancellationToken stop) => PagesAsync(
        async token =>
        {
            var page = await connection.GetAsync<MetricPage>(
                Api + "metrics/get-history", stop, ("run_id", runId), ("run_uuid", runId), ("metric_key", key), ("max_results", $"{PointsAPage}"), ("page_token", token));
            return (page.Metrics ?? [], page.NextPageToken);
        },
        stop);
}
