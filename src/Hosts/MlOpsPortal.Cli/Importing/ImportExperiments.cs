using MlOpsPortal.Cli.Connections;
using MlOpsPortal.Cli.Mlflow;
using MlOpsPortal.Cli.Reports;

namespace MlOpsPortal.Cli.Importing;

/// <summary>An experiment of the source, and where it stands in the portal.</summary>
internal sealed record PlacedExperiment(Experiment Source, Experiment Target);

/// <summary>Finds or creates each experiment.</summary>
internal sealed class ImportExperiments(ImportContext context)
{
    private const string DefaultId = "0";

    public async Task<IReadOnlyList<PlacedExperiment>> RunAsync(CancellationToken stop)
    {
        var there = new Dictionary<string, Experiment>(StringComparer.Ordinal);
        await foreach (var experiment in context.Target.ExperimentsAsync(stop))
        {
            if (experiment.Tags.Of(Origin.Id) is { } id && (!experiment.IsDeleted || !there.ContainsKey(id))) there[id] = experiment;
        }

        var placed = new List<PlacedExperiment>();
        await foreach (var source in context.Source.ExperimentsAsync(stop))
        {
            if (await PlaceAsync(source, there.GetValueOrDefault(Origin.Of(source)), stop) is { } target) placed.Add(new PlacedExperiment(source, target));
        }

        return placed;
    }

    private async Task<Experiment?> PlaceAsync(Experiment source, Experiment? found, CancellationToken stop)
    {
        if (found is { IsDeleted: true } && !source.IsDeleted)
        {
            context.Report.Skip(Kind.Experiments, source.Name, "deleted in the portal after an earlier import; restore it there to import into it again");
            return null;
        }

        if (found is not null)
        {
            context.Report.Add(Kind.Experiments, Outcome.Present);
            if (!found.IsDeleted) await TagAsync(source, found, stop);
            return found;
        }

        if (source.ExperimentId == DefaultId && await IsEmptyAsync(source, stop))
        {
            context.Report.Tell(Kind.Experiments, source.Name, "has no runs, as on every MLflow server that keeps its runs elsewhere; left out");
            return null;
        }

        return await CreateAsync(source, stop);
    }

    private async Task<Experiment?> CreateAsync(Experiment source, CancellationToken stop)
    {
        List<KeyValue> tags = [.. context.References.Translate(source.Tags), .. context.Marks(Origin.Of(source))];
        if (context.ProjectId is { } project) tags.Add(new KeyValue(Origin.Project, project));

        // Every server has a Default experiment: its name says nothing about what is in it, so ours is never taken for it.
        var names = source.ExperimentId == DefaultId ? context.Names($"{source.Name} (imported)") : context.Names(source.Name);
        foreach (var name in names)
        {
            try
            {
                var made = await context.Target.ExperimentAsync(await context.Target.CreateExperimentAsync(name, tags, stop), stop);
                context.Report.Add(Kind.Experiments, Outcome.Written);
                if (name != source.Name) context.Report.Tell(Kind.Experiments, source.Name, $"is called '{name}' in the portal, where its own name is taken");
                return made;
            }
            catch (MlflowRefusal refusal) when (refusal.IsTaken)
            {
                // Ours, when only the answer got lost; else the next name.
                if (await context.Target.ExperimentByNameAsync(name, stop) is not { } taken || taken.Tags.Of(Origin.Id) != Origin.Of(source)) continue;
                context.Report.Add(Kind.Experiments, Outcome.Written);
                return taken;
            }
            catch (MlflowRefusal refusal)
            {
                context.Report.Skip(Kind.Experiments, source.Name, refusal.Message);
                return null;
            }
        }

        context.Report.Skip(Kind.Experiments, source.Name, "the portal has an experiment of this name that was not imported from there; --on-conflict rename imports it under another name");
        return null;
    }

    private async Task TagAsync(Experiment source, Experiment target, CancellationToken stop)
    {
        foreach (var tag in context.References.Translate(source.Tags).Where(tag => target.Tags.Of(tag.Key) != tag.Value))
            await context.Target.SetExperimentTagAsync(target.ExperimentId, tag, stop);
    }

    private async Task<bool> IsEmptyAsync(Experiment experiment, CancellationToken stop)
    {
        await foreach (var _ in context.Source.RunsAsync(experiment.ExperimentId, stop)) return false;
        await foreach (var _ in context.Source.LoggedModelsAsync(experiment.ExperimentId, stop)) return false;
        return true;
    }
}
