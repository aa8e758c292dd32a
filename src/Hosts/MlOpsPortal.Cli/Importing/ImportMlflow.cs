using MlOpsPortal.Cli.Connections;
using MlOpsPortal.Cli.Reports;

namespace MlOpsPortal.Cli.Importing;

/// <summary>The steps of an import, in the order in which things name one another; what was deleted at the source is deleted last.</summary>
internal sealed class ImportMlflow(ImportContext context, Progress progress)
{
    public async Task RunAsync(CancellationToken stop)
    {
        progress.Step("experiments");
        var experiments = await new ImportExperiments(context).RunAsync(stop);
        var shells = new RunShells(context);
        var files = new CopyFiles(context.Report);
        var models = new ImportLoggedModels(context, files);
        var fill = new FillRuns(context, shells, files);

        progress.Step("creating runs");
        var open = new HashSet<PlacedExperiment>();
        foreach (var experiment in experiments)
        {
            if (await shells.RunAsync(experiment, stop)) open.Add(experiment);
        }

        progress.Step("logged models");
        foreach (var experiment in experiments) await models.RunAsync(experiment, open.Contains(experiment), stop);
        progress.Step("runs");
        foreach (var experiment in experiments) await fill.RunAsync(experiment, stop);
        progress.Step("metrics of logged models");
        foreach (var experiment in open) await models.MeasureAsync(experiment, stop);
        progress.Step("registered models");
        await new ImportRegistry(context).RunAsync(stop);
        progress.Step("what was deleted");
        await DeleteAsync(open, stop);
        Explain();
    }

    private async Task DeleteAsync(HashSet<PlacedExperiment> experiments, CancellationToken stop)
    {
        await Parallel.ForEachAsync(
            context.References.Runs.Where(run => run.Value.DeleteAtEnd), context.Parallel(stop),
            async (run, token) => await GuardAsync(Kind.Runs, run.Key, () => context.Target.DeleteRunAsync(run.Value.Id, token)));
        foreach (var experiment in experiments.Where(experiment => experiment.Source.IsDeleted))
            await GuardAsync(Kind.Experiments, experiment.Source.Name, () => context.Target.DeleteExperimentAsync(experiment.Target.ExperimentId, stop));
    }

    private async Task GuardAsync(Kind kind, string what, Func<Task> delete)
    {
        try
        {
            await delete();
        }
        catch (MlflowRefusal refusal)
        {
            context.Report.Skip(kind, what, $"was imported, but could not be deleted as it is at the source: {refusal.Message}");
        }
    }

    /// <summary>What MLflow's API has no way to set.</summary>
    private void Explain()
    {
        const string times = "times of creation and last change are those of the import: MLflow's API does not set them";
        if (context.Report.Of(Kind.Runs).Written > 0)
            context.Report.Tell(Kind.Runs, "", "each has a new id, as MLflow's API gives ids itself; the old one is in the tag mlopsportal.import_id, and ids in files such as MLmodel stay as they were");
        foreach (var kind in new[] { Kind.Experiments, Kind.LoggedModels, Kind.RegisteredModels, Kind.ModelVersions }.Where(kind => context.Report.Of(kind).Written > 0))
            context.Report.Tell(kind, "", times);
    }
}
