using System.Security.Cryptography;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Tracking.Experiments;
using MlOpsPortal.Tracking.Inputs;
using MlOpsPortal.Tracking.Logging;
using MlOpsPortal.Tracking.Runs;
using MlOpsPortal.Tracking.Search;

namespace MlOpsPortal.Web.Demo;

/// <summary>Experiments and runs of the demo, made once and found again.</summary>
internal sealed class DemoRuns(ExperimentDesk experiments, RunDesk runs, RunSearchDesk search, LogDesk log, InputDesk inputs, TimeProvider time)
{
    private const string Note = "mlflow.note.content";

    public async Task<string> EnsureExperimentAsync(Caller scientist, ProjectId project, string name, string note, CancellationToken cancellationToken)
    {
        if ((await experiments.GetByNameAsync(scientist, name, cancellationToken)).Value is { IsDeleted: false } known)
            return known.Id.ToString();
        var request = new CreateExperiment(name, null, [KeyValuePair.Create(ExperimentDesk.ProjectTag, project.ToString()), KeyValuePair.Create(Note, note)]);
        return (await experiments.CreateAsync(scientist, request, cancellationToken)).Required().ToString();
    }

    public async Task<IReadOnlyList<Run>> OfAsync(Caller scientist, string experiment, CancellationToken cancellationToken) =>
        (await search.SearchAsync(scientist, new SearchRuns([experiment]), cancellationToken)).Required().Runs;

    public async Task<RunInfo> StartAsync(Caller scientist, string experiment, string name, string source, KeyValuePair<string, string>[] tags, CancellationToken cancellationToken)
    {
        var request = new CreateRun(
            experiment, "mara", name, time.GetUtcNow().ToUnixTimeMilliseconds(),
            [.. tags, KeyValuePair.Create("mlflow.source.name", source), KeyValuePair.Create("mlflow.source.type", "LOCAL")]);
        return (await runs.CreateAsync(scientist, request, cancellationToken)).Required().Info;
    }

    public async Task LogAsync(Caller scientist, string run, LogBatch batch, CancellationToken cancellationToken) =>
        (await log.LogAsync(scientist, run, batch, cancellationToken)).Required();

    /// <summary>Says what a run was trained on: a file of the retail samples.</summary>
    public async Task TrainedOnAsync(Caller scientist, string run, string name, string file, int rows, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(file);
        var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken))[..8];
        var data = new RunDataset(name, digest, "local", $"samples/retail/{Path.GetFileName(file)}", null, FormattableString.Invariant($$"""{"num_rows": {{rows}}}"""));
        (await inputs.LogInputsAsync(scientist, run, [new DatasetInput(data, [KeyValuePair.Create(DatasetInput.ContextTag, "train")])], [], cancellationToken)).Required();
    }

    public async Task FinishAsync(Caller scientist, string run, CancellationToken cancellationToken) =>
        (await runs.UpdateAsync(scientist, run, new UpdateRun(RunStatus.Finished, time.GetUtcNow().ToUnixTimeMilliseconds(), null), cancellationToken)).Required();
}
