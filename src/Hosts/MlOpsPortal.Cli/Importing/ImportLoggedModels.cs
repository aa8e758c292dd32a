using MlOpsPortal.Cli.Connections;
using MlOpsPortal.Cli.Mlflow;
using MlOpsPortal.Cli.Reports;

namespace MlOpsPortal.Cli.Importing;

/// <summary>Logged models with their files, parameters, tags and, once the runs are filled, metrics.</summary>
internal sealed class ImportLoggedModels(ImportContext context, CopyFiles files)
{
    private const int MostParams = 100;
    private const int MostPoints = 1000;

    /// <param name="isOpen">False for a deleted experiment that is complete: its models are only looked up.</param>
    public async Task RunAsync(PlacedExperiment experiment, bool isOpen, CancellationToken stop)
    {
        var there = await ThereAsync(experiment, stop);
        await Parallel.ForEachAsync(context.Source.LoggedModelsAsync(experiment.Source.ExperimentId, stop), context.Parallel(stop), async (model, token) =>
        {
            try
            {
                var found = there.GetValueOrDefault(Origin.Of(model));
                if (isOpen) await BringAsync(experiment, model, found, token);
                else if (found is not null) Keep(model, found);
            }
            catch (MlflowRefusal refusal)
            {
                context.Report.Skip(Kind.LoggedModels, $"{model.Info.Name} ({model.Id})", refusal.Message);
                context.References.Refuse(model.Id);
            }
        });
    }

    /// <summary>A model's metrics are points of a run that name the model: logged once more with its name, the run has them once.</summary>
    public async Task MeasureAsync(PlacedExperiment experiment, CancellationToken stop)
    {
        var there = await ThereAsync(experiment, stop);
        await foreach (var model in context.Source.LoggedModelsAsync(experiment.Source.ExperimentId, stop))
        {
            if (!there.TryGetValue(Origin.Of(model), out var target)) continue;
            var missing = model.Data.Metrics.Select(metric => metric with { ModelId = target.Id, RunId = context.References.Run(metric.RunId)?.Id })
                .Where(metric => metric.RunId is not null).Except(target.Data.Metrics).GroupBy(metric => metric.RunId ?? "", StringComparer.Ordinal);
            foreach (var run in missing)
            {
                foreach (var batch in run.Select(metric => metric with { RunId = null }).Chunk(MostPoints)) await LogAsync(model, run.Key, batch, stop);
            }
        }
    }

    private async Task LogAsync(LoggedModel model, string runId, Metric[] points, CancellationToken stop)
    {
        try
        {
            await context.Target.LogBatchAsync(runId, points, [], [], stop);
            context.Report.Add(Kind.ModelLinks, Outcome.Written, points.Length);
        }
        catch (MlflowRefusal refusal)
        {
            context.Report.Skip(Kind.LoggedModels, $"metrics of {model.Info.Name} ({model.Id})", refusal.Message);
        }
    }

    private async Task BringAsync(PlacedExperiment experiment, LoggedModel model, LoggedModel? found, CancellationToken stop)
    {
        var state = Origin.StateOf(model);
        if (found is not null && !context.Options.Recheck && found.Info.Tags.Of(Origin.State) == state && found.Info.Status == model.Info.Status)
        {
            Keep(model, found);
            return;
        }

        var (target, isNew) = found is null ? await CreateAsync(experiment, model, stop) : (found, false);
        context.References.Add(model.Id, target);
        var name = $"logged model {model.Info.Name} ({model.Id})";
        var complete = await files.RunAsync(name, context.Source.FilesOf(model), context.Target.FilesOf(target), isNew, stop);
        foreach (var more in model.Data.Params.ExceptBy(target.Data.Params.Select(parameter => parameter.Key), parameter => parameter.Key, StringComparer.Ordinal).Chunk(MostParams))
            await context.Target.LogModelParamsAsync(target.Id, more, stop);
        if (model.Info.Status != target.Info.Status && model.Info.Status != LoggedModelInfo.Pending) await context.Target.FinishModelAsync(target.Id, model.Info.Status, stop);
        var tags = context.References.Translate(model.Info.Tags);
        await context.Target.SetModelTagsAsync(target.Id, complete ? [.. tags, new KeyValue(Origin.State, state)] : tags, stop);
        context.Report.Add(Kind.LoggedModels, Outcome.Written);
        context.Report.Add(Kind.Parameters, Outcome.Written, model.Data.Params.Count);
        context.Report.Add(Kind.Tags, Outcome.Written, tags.Count);
    }

    private void Keep(LoggedModel model, LoggedModel found)
    {
        context.References.Add(model.Id, found);
        context.Report.Add(Kind.LoggedModels, Outcome.Present);
    }

    private Task<(LoggedModel Thing, bool Made)> CreateAsync(PlacedExperiment experiment, LoggedModel model, CancellationToken stop)
    {
        var id = Origin.Of(model);
        return context.Creation.OnceAsync(
            async () => (await ThereAsync(experiment, stop)).GetValueOrDefault(id),
            () => context.Target.CreateLoggedModelAsync(
                experiment.Target.ExperimentId, model.Info, context.References.Run(model.Info.SourceRunId)?.Id, [.. model.Data.Params.Take(MostParams)], context.Marks(id), stop),
            stop);
    }

    private async Task<Dictionary<string, LoggedModel>> ThereAsync(PlacedExperiment experiment, CancellationToken stop)
    {
        var there = new Dictionary<string, LoggedModel>(StringComparer.Ordinal);
        await foreach (var model in context.Target.LoggedModelsAsync(experiment.Target.ExperimentId, stop))
        {
            if (model.Info.Tags.Of(Origin.Id) is { } id) there[id] = model;
        }

        return there;
    }
}
