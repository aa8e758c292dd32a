using System.Text.Json;
using MlOpsPortal.Cli.Importing;
using MlOpsPortal.Cli.Mlflow;
using MlOpsPortal.Cli.Reports;

namespace MlOpsPortal.Cli.Exporting;

/// <param name="ProjectId">Null for everything that the server shows, as of a plain MLflow server.</param>
/// <param name="Recheck">Ask for everything again, also what is in the folder.</param>
internal sealed record ExportOptions(string? ProjectId, bool Recheck, int Parallel);

/// <summary>Writes a project's experiments, runs, models and versions into a folder, which scripts/load_export loads into a plain MLflow server.</summary>
internal sealed class ExportMlflow(MlflowServer source, ExportFolder folder, ExportOptions options, Report report, Progress progress)
{
    private readonly HashSet<string> runs = new(StringComparer.Ordinal);
    private readonly HashSet<string> models = new(StringComparer.Ordinal);
    private readonly Lock adding = new();

    public async Task RunAsync(CancellationToken stop)
    {
        progress.Step("experiments");
        var experiments = new List<Experiment>();
        await foreach (var experiment in source.ExperimentsAsync(stop))
        {
            if (options.ProjectId is null || experiment.ProjectId == options.ProjectId) experiments.Add(experiment);
        }

        folder.WriteLines("experiments.jsonl", experiments);
        report.Add(Kind.Experiments, Outcome.Written, experiments.Count);
        Directory.CreateDirectory(folder.Absolute("metrics"));
        var files = new SaveFiles(folder, report);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallel, CancellationToken = stop };
        using (var ledger = Ledger.Open(folder.Absolute("logged_models.jsonl")))
        {
            progress.Step("logged models");
            foreach (var experiment in experiments)
                await Parallel.ForEachAsync(source.LoggedModelsAsync(experiment.ExperimentId, stop), parallel, async (model, token) => await SaveAsync(model, ledger, files, token));
        }

        using (var ledger = Ledger.Open(folder.Absolute("runs.jsonl")))
        {
            progress.Step("runs");
            foreach (var experiment in experiments)
                await SaveRunsAsync(experiment, ledger, files, parallel, stop);
        }

        progress.Step("registered models");
        await SaveRegistryAsync(stop);
        folder.MarkComplete();
    }

    private async ValueTask SaveAsync(LoggedModel model, Ledger ledger, SaveFiles files, CancellationToken stop)
    {
        lock (adding) models.Add(model.Id);
        var state = Origin.StateOf(model) + Origin.MetricsOf(model);
        if (!options.Recheck && ledger.Find(model.Id)?.State == state) report.Add(Kind.LoggedModels, Outcome.Present);
        else
        {
            var saved = await files.RunAsync("models", model.Id, source.FilesOf(model), stop);
            ledger.Add(new Entry(model.Id, saved is null ? "" : state, JsonSerializer.SerializeToElement(model, Wire.Json), saved ?? []));
            report.Add(Kind.LoggedModels, Outcome.Written);
        }
    }

    private async Task SaveRunsAsync(Experiment experiment, Ledger ledger, SaveFiles files, ParallelOptions parallel, CancellationToken stop)
    {
        var open = new List<Run>();
        await foreach (var run in source.RunsAsync(experiment.ExperimentId, stop))
        {
            runs.Add(run.Id);
            if (!options.Recheck && ledger.Find(run.Id)?.State == StateOf(run))
            {
                report.Add(Kind.Runs, Outcome.Present);
                continue;
            }

            open.Add(run);
            if (open.Count < RunHistories.Runs) continue;
            await SaveAsync(open, ledger, files, parallel, stop);
            open.Clear();
        }

        await SaveAsync(open, ledger, files, parallel, stop);
    }

    private async Task SaveAsync(List<Run> open, Ledger ledger, SaveFiles files, ParallelOptions parallel, CancellationToken stop)
    {
        var histories = await RunHistories.ReadAsync(source, open, stop);
        await Parallel.ForEachAsync(open, parallel, async (run, token) => await SaveAsync(run, histories, ledger, files, token));
    }

    private static string StateOf(Run run) => Origin.StateOf(run) + run.Info.LifecycleStage;

    private async ValueTask SaveAsync(Run run, RunHistories histories, Ledger ledger, SaveFiles files, CancellationToken stop)
    {
        var saved = await files.RunAsync("runs", run.Id, source.FilesOf(run), stop);
        await SaveMetricsAsync(run, histories, stop);
        ledger.Add(new Entry(run.Id, saved is null ? "" : StateOf(run), JsonSerializer.SerializeToElement(run, Wire.Json), saved ?? []));
        report.Add(Kind.Runs, Outcome.Written);
        report.Add(Kind.Parameters, Outcome.Written, run.Data.Params.Count);
        report.Add(Kind.Tags, Outcome.Written, run.Data.Tags.Count);
        report.Add(Kind.DatasetInputs, Outcome.Written, run.Inputs.DatasetInputs.Count);
    }

    /// <summary>One line per point; a run without metrics has no file.</summary>
    private async Task SaveMetricsAsync(Run run, RunHistories histories, CancellationToken stop)
    {
        if (run.Data.Metrics.Count == 0) return;
        var file = folder.Absolute(ExportFolder.MetricsFile(run.Id));
        long points = 0;
        await using (var writer = new StreamWriter(file + ".part"))
        {
            foreach (var key in run.Data.Metrics.Select(metric => metric.Key))
            {
                await foreach (var point in histories.OfAsync(run, key, stop))
                {
                    await writer.WriteLineAsync(JsonSerializer.Serialize(new { point.Key, point.Value, point.Timestamp, point.Step }, Wire.Json));
                    points++;
                }
            }
        }

        File.Move(file + ".part", file, overwrite: true);
        report.Add(Kind.MetricPoints, Outcome.Written, points);
    }

    /// <summary>Models of the project; where a server knows no projects, those with a version of what was exported.</summary>
    private async Task SaveRegistryAsync(CancellationToken stop)
    {
        var (kept, versions) = (new List<RegisteredModel>(), new List<ModelVersion>());
        await foreach (var model in source.RegisteredModelsAsync(stop))
        {
            if (options.ProjectId is not null && model.ProjectId is not null && model.ProjectId != options.ProjectId) continue;
            var own = new List<ModelVersion>();
            await foreach (var version in source.VersionsAsync(model.Name, stop)) own.Add(version);
            if (model.ProjectId is null && options.ProjectId is not null && !own.Any(IsOfExported)) continue;
            kept.Add(model);
            versions.AddRange(own.OrderBy(version => version.Version));
        }

        folder.WriteLines("registered_models.jsonl", kept);
        folder.WriteLines("model_versions.jsonl", versions);
        report.Add(Kind.RegisteredModels, Outcome.Written, kept.Count);
        report.Add(Kind.ModelVersions, Outcome.Written, versions.Count);
        report.Add(Kind.Aliases, Outcome.Written, kept.Sum(model => model.Aliases.Count));
        report.Add(Kind.Stages, Outcome.Written, versions.Count(version => version.CurrentStage != ModelVersion.NoStage));
    }

    private bool IsOfExported(ModelVersion version) => runs.Contains(version.RunId ?? "") || models.Any(model => version.Source.EndsWith("/" + model, StringComparison.Ordinal));
}
