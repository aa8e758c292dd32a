using MlOpsPortal.Cli.Connections;
using MlOpsPortal.Cli.Mlflow;
using MlOpsPortal.Cli.Reports;

namespace MlOpsPortal.Cli.Importing;

/// <summary>Gives every run of the source its place in the portal, still empty: afterwards each run can name any other.</summary>
internal sealed class RunShells(ImportContext context)
{
    /// <returns>Whether the experiment can be written to; a deleted one that is complete stays deleted.</returns>
    public async Task<bool> RunAsync(PlacedExperiment experiment, CancellationToken stop)
    {
        var there = await ThereAsync(experiment, stop);
        if (experiment.Target.IsDeleted)
        {
            if (await IsCompleteAsync(experiment, there, stop)) return false;
            await context.Target.RestoreExperimentAsync(experiment.Target.ExperimentId, stop);
            there = await ThereAsync(experiment, stop);
        }

        await Parallel.ForEachAsync(
            context.Source.RunsAsync(experiment.Source.ExperimentId, stop), context.Parallel(stop),
            async (run, token) => await PlaceAsync(experiment, run, there.GetValueOrDefault(Origin.Of(run)), token));
        return true;
    }

    /// <summary>Null, with a line in the report, when the portal does not take it.</summary>
    public async Task<TargetRun?> PlaceAsync(PlacedExperiment experiment, Run run, TargetRun? found, CancellationToken stop)
    {
        var placed = context.References.Run(run.Id) ?? found;
        try
        {
            placed ??= await CreateAsync(experiment, run, stop);
        }
        catch (MlflowRefusal refusal)
        {
            context.Report.Skip(Kind.Runs, $"{run.Info.RunName} ({run.Id})", refusal.Message);
            return null;
        }

        context.References.Add(run.Id, placed);
        return placed;
    }

    private async Task<TargetRun> CreateAsync(PlacedExperiment experiment, Run run, CancellationToken stop)
    {
        var id = Origin.Of(run);
        var target = experiment.Target.ExperimentId;
        var (made, isNew) = await context.Creation.OnceAsync(
            async () =>
            {
                await foreach (var same in context.Target.RunsAsync(target, stop, $"tags.`{Origin.Id}` = '{id}'")) return same;
                return null;
            },
            () => context.Target.CreateRunAsync(target, run.Info, context.Marks(id), stop),
            stop);
        return new TargetRun(made, isNew);
    }

    private async Task<Dictionary<string, TargetRun>> ThereAsync(PlacedExperiment experiment, CancellationToken stop)
    {
        var there = new Dictionary<string, TargetRun>(StringComparer.Ordinal);
        await foreach (var run in context.Target.RunsAsync(experiment.Target.ExperimentId, stop))
        {
            if (run.Data.Tags.Of(Origin.Id) is { } id) there[id] = new TargetRun(run, isNew: false);
        }

        return there;
    }

    /// <summary>A deleted experiment is brought back only when there is something to write.</summary>
    private async Task<bool> IsCompleteAsync(PlacedExperiment experiment, Dictionary<string, TargetRun> there, CancellationToken stop)
    {
        if (context.Options.Recheck) return false;
        await foreach (var run in context.Source.RunsAsync(experiment.Source.ExperimentId, stop))
        {
            if (!there.TryGetValue(Origin.Of(run), out var target) || !target.IsComplete(run)) return false;
            context.References.Add(run.Id, target);
        }

        return true;
    }
}
