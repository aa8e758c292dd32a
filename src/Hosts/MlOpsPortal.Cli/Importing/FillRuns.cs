using System.Runtime.CompilerServices;
using MlOpsPortal.Cli.Connections;
using MlOpsPortal.Cli.Mlflow;
using MlOpsPortal.Cli.Reports;

namespace MlOpsPortal.Cli.Importing;

/// <summary>Brings each run's files, inputs, outputs, histories, parameters and tags; its mark of completeness comes with the last batch.</summary>
internal sealed class FillRuns(ImportContext context, RunShells shells, CopyFiles files)
{
    /// <summary>While one handful of runs is written, the next is read: source and portal are busy at the same time.</summary>
    public async Task RunAsync(PlacedExperiment experiment, CancellationToken stop)
    {
        var writing = Task.CompletedTask;
        try
        {
            await foreach (var runs in OpenAsync(experiment, stop))
            {
                var histories = await RunHistories.ReadAsync(context.Source, [.. runs.Select(run => run.Run)], stop);
                await writing;
                writing = Parallel.ForEachAsync(runs, context.Parallel(stop), async (run, token) => await BringAsync(experiment, run.Run, run.Target, histories, token));
            }
        }
        finally
        {
            await writing;
        }
    }

    /// <summary>Runs with something to write, a handful at a time.</summary>
    private async IAsyncEnumerable<IReadOnlyList<(Run Run, TargetRun Target)>> OpenAsync(PlacedExperiment experiment, [EnumeratorCancellation] CancellationToken stop)
    {
        var open = new List<(Run Run, TargetRun Target)>();
        await foreach (var run in context.Source.RunsAsync(experiment.Source.ExperimentId, stop))
        {
            // A run that was logged since the shells were made gets its own here.
            if (await shells.PlaceAsync(experiment, run, found: null, stop) is not { } target || IsDone(experiment, run, target)) continue;
            open.Add((run, target));
            if (open.Count < RunHistories.Runs) continue;
            yield return open;
            open = [];
        }

        if (open.Count > 0) yield return open;
    }

    /// <summary>Nothing to write, but for a deletion at the end.</summary>
    private bool IsDone(PlacedExperiment experiment, Run run, TargetRun target)
    {
        if (target.IsDeleted && !run.IsDeleted)
        {
            context.Report.Add(Kind.Runs, Outcome.Present);
            context.Report.Tell(Kind.Runs, Named(run), "deleted in the portal after an earlier import; left as it is");
            return true;
        }

        // Runs of a deleted experiment go with it, and would come back with it.
        target.DeleteAtEnd = run.IsDeleted && !experiment.Source.IsDeleted;
        if (!target.IsComplete(run) || context.Options.Recheck) return false;
        context.Report.Add(Kind.Runs, Outcome.Present);
        target.DeleteAtEnd &= !target.IsDeleted;
        return true;
    }

    private async Task BringAsync(PlacedExperiment experiment, Run run, TargetRun target, RunHistories histories, CancellationToken stop)
    {
        var name = Named(run);
        try
        {
            if (target.IsDeleted && !experiment.Target.IsDeleted) await context.Target.RestoreRunAsync(target.Id, stop);
            await WriteAsync(name, run, target, histories, stop);
            context.Report.Add(Kind.Runs, target.IsNew || !target.IsComplete(run) ? Outcome.Written : Outcome.Present);
        }
        catch (MlflowRefusal refusal)
        {
            context.Report.Skip(Kind.Runs, name, refusal.Message);
        }
    }

    private static string Named(Run run) => $"run {run.Info.RunName} ({run.Id})";

    private async Task WriteAsync(string name, Run run, TargetRun target, RunHistories histories, CancellationToken stop)
    {
        var complete = await files.RunAsync(name, context.Source.FilesOf(run), context.Target.FilesOf(new Run { Info = new RunInfo { ArtifactUri = target.ArtifactUri } }), target.IsNew, stop);
        var there = target.IsNew ? new Run() : await context.Target.RunAsync(target.Id, stop);
        complete &= !run.Inputs.ModelInputs.Concat(run.Outputs.ModelOutputs).Any(model => context.References.IsRefused(model.ModelId));
        await LinkAsync(name, run, target, there, stop);

        var tags = context.References.Translate(run.Data.Tags);
        var batches = new RunBatches(context.Target, target.Id, run.Data.Params, tags);
        var points = 0;
        foreach (var key in run.Data.Metrics.Select(metric => metric.Key))
        {
            await foreach (var point in histories.OfAsync(run, key, stop))
            {
                await batches.AddAsync(point with { RunId = null, ModelId = null, DatasetName = null, DatasetDigest = null }, stop);
                points++;
            }
        }

        await batches.FinishAsync(complete ? new KeyValue(Origin.State, Origin.StateOf(run)) : null, stop);
        context.Report.Add(Kind.MetricPoints, Outcome.Written, points);
        context.Report.Add(Kind.Parameters, Outcome.Written, run.Data.Params.Count);
        context.Report.Add(Kind.Tags, Outcome.Written, tags.Count);
        if (run.Info.Status != target.Status || run.Info.EndTime != target.EndTime) await context.Target.UpdateRunAsync(target.Id, run.Info.Status, run.Info.EndTime, stop);
    }

    /// <summary>Datasets, and the logged models that the run read or made. MLflow would add the latter twice.</summary>
    private async Task LinkAsync(string name, Run run, TargetRun target, Run there, CancellationToken stop)
    {
        var datasets = run.Inputs.DatasetInputs.Where(input => !there.Inputs.DatasetInputs.Any(other => other.Dataset.Name == input.Dataset.Name && other.Dataset.Digest == input.Dataset.Digest)).ToList();
        var inputs = Translated(run.Inputs.ModelInputs).Where(model => !there.Inputs.ModelInputs.Any(other => other.ModelId == model.ModelId)).ToList();
        var outputs = Translated(run.Outputs.ModelOutputs).Where(model => !there.Outputs.ModelOutputs.Any(other => other.ModelId == model.ModelId && (other.Step ?? 0) == (model.Step ?? 0))).ToList();
        if (datasets.Count + inputs.Count > 0) await LogInputsAsync(target.Id, datasets, inputs, stop);
        if (outputs.Count > 0) await context.Target.LogOutputsAsync(target.Id, outputs, stop);
        context.Report.Add(Kind.DatasetInputs, Outcome.Written, datasets.Count);
        context.Report.Add(Kind.DatasetInputs, Outcome.Present, run.Inputs.DatasetInputs.Count - datasets.Count);
        context.Report.Add(Kind.ModelLinks, Outcome.Written, inputs.Count + outputs.Count);

        List<ModelReference> Translated(IEnumerable<ModelReference> models)
        {
            var translated = new List<ModelReference>();
            foreach (var model in models)
            {
                if (context.References.Model(model.ModelId) is { } known) translated.Add(model with { ModelId = known.Id });
                else context.Report.Tell(Kind.ModelLinks, $"{model.ModelId} of {name}", "the logged model is not at the source any more, or could not be imported; the link is left out");
            }

            return translated;
        }
    }

    /// <summary>MLflow itself fails with BAD_REQUEST when two runs bring the same dataset at once; the second time it is there.</summary>
    private async Task LogInputsAsync(string id, List<DatasetInput> datasets, List<ModelReference> models, CancellationToken stop)
    {
        try
        {
            await context.Target.LogInputsAsync(id, datasets, models, stop);
        }
        catch (MlflowRefusal refusal) when (refusal.Code == "BAD_REQUEST")
        {
            await context.Target.LogInputsAsync(id, datasets, models, stop);
        }
    }
}
