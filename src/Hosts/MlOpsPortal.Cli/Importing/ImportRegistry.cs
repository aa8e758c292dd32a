using MlOpsPortal.Cli.Connections;
using MlOpsPortal.Cli.Mlflow;
using MlOpsPortal.Cli.Reports;

namespace MlOpsPortal.Cli.Importing;

/// <summary>Registered models, their versions under the same numbers, and what points at them.</summary>
internal sealed class ImportRegistry(ImportContext context)
{
    private const string PromptTag = "mlflow.prompt.is_prompt";
    private readonly Dictionary<string, Placed> placed = new(StringComparer.Ordinal);

    /// <summary>A registered model of the source, its name at the target, and the numbers that are there by now.</summary>
    private sealed record Placed(RegisteredModel Source, RegisteredModel Target, IReadOnlyList<ModelVersion> Versions)
    {
        public string Name => Target.Name;

        public HashSet<int> Done { get; } = [];

        public bool IsFinished { get; set; }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        var there = await ThereAsync(stop);
        await foreach (var model in context.Source.RegisteredModelsAsync(stop))
        {
            if (IsPrompt(model)) context.Report.Tell(Kind.RegisteredModels, model.Name, "is a prompt, not a model; left out");
            else await GuardAsync(model, async () => await PlaceAsync(model, there.GetValueOrDefault(Origin.Of(model)), stop));
        }

        // A version may be a copy of another model's: each round brings what the one before made possible.
        var open = placed.Values.ToList();
        for (var before = -1; open.Count > 0 && before != open.Sum(model => model.Done.Count) + open.Count;)
        {
            before = open.Sum(model => model.Done.Count) + open.Count;
            foreach (var model in open) await GuardAsync(model.Source, () => BringVersionsAsync(model, isLast: false, stop));
            open = [.. open.Where(model => !model.IsFinished)];
        }

        foreach (var model in open) await GuardAsync(model.Source, () => BringVersionsAsync(model, isLast: true, stop));
        foreach (var model in placed.Values) await GuardAsync(model.Source, () => new ImportPointers(context).RunAsync(model.Source, model.Target, model.Versions, model.Done, stop));
    }

    private static bool IsPrompt(RegisteredModel model) => string.Equals(model.Tags.Of(PromptTag), "true", StringComparison.OrdinalIgnoreCase);

    private async Task GuardAsync(RegisteredModel model, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (MlflowRefusal refusal)
        {
            context.Report.Skip(Kind.RegisteredModels, model.Name, refusal.Message);
        }
    }

    private async Task PlaceAsync(RegisteredModel source, RegisteredModel? found, CancellationToken stop)
    {
        var target = found ?? await CreateAsync(source, stop);
        if (target is null) return;
        if (found is not null) context.Report.Add(Kind.RegisteredModels, Outcome.Present);
        foreach (var tag in context.References.Translate(source.Tags).Where(tag => target.Tags.Of(tag.Key) != tag.Value)) await context.Target.SetRegisteredModelTagAsync(target.Name, tag, stop);
        if (!string.IsNullOrEmpty(source.Description) && source.Description != target.Description) await context.Target.DescribeRegisteredModelAsync(target.Name, source.Description, stop);

        var versions = new List<ModelVersion>();
        await foreach (var version in context.Source.VersionsAsync(source.Name, stop)) versions.Add(version);
        placed[source.Name] = new Placed(source, target, [.. versions.OrderBy(version => version.Version)]);
    }

    private async Task<RegisteredModel?> CreateAsync(RegisteredModel source, CancellationToken stop)
    {
        var id = Origin.Of(source);
        List<KeyValue> tags = [.. context.References.Translate(source.Tags), .. context.Marks(id)];
        if (context.ProjectId is { } project) tags.Add(new KeyValue(Origin.Project, project));
        foreach (var name in context.Names(source.Name))
        {
            try
            {
                var made = await context.Target.CreateRegisteredModelAsync(name, source.Description, tags, stop);
                context.Report.Add(Kind.RegisteredModels, Outcome.Written);
                if (name != source.Name) context.Report.Tell(Kind.RegisteredModels, source.Name, $"is called '{name}' in the portal, where its own name is taken");
                return made;
            }
            catch (MlflowRefusal refusal) when (refusal.IsTaken)
            {
                if (await context.Target.RegisteredModelAsync(name, stop) is not { } taken || taken.Tags.Of(Origin.Id) != id) continue;
                context.Report.Add(Kind.RegisteredModels, Outcome.Written);
                return taken;
            }
        }

        context.Report.Skip(Kind.RegisteredModels, source.Name, "the portal has a registered model of this name that was not imported from there; --on-conflict rename imports it under another name");
        return null;
    }

    private async Task BringVersionsAsync(Placed model, bool isLast, CancellationToken stop)
    {
        var sources = model.Versions.ToDictionary(version => version.Version, version => VersionSource.Of(version, context.References, Known));
        if (!isLast && sources.Values.Any(source => source is VersionSource.Later)) return;
        model.IsFinished = true;

        foreach (var (number, source) in sources)
        {
            if (source is VersionSource.Unknown(var reason)) context.Report.Skip(Kind.ModelVersions, $"{model.Source.Name} {number}", reason);
            if (source is VersionSource.Later(var name, var copied)) context.Report.Skip(Kind.ModelVersions, $"{model.Source.Name} {number}", $"it is a copy of {name} {copied}, which was not imported");
        }

        var ready = sources.Where(source => source.Value is VersionSource.At).ToDictionary(source => source.Key, source => (VersionSource.At)source.Value);
        if (ready.Count == 0) return;
        var there = await VersionsThereAsync(model.Name, stop);
        foreach (var step in VersionPlan.Of(ready.Keys, there.ToDictionary(version => version.Key, version => RoleOf(version.Value))))
        {
            if (!await TakeAsync(step, model, ready, there, stop)) return;
        }

        (string Name, IReadOnlySet<int> Versions)? Known(string name) => placed.TryGetValue(name, out var known) ? (known.Name, known.Done) : null;
    }

    private async Task<bool> TakeAsync(VersionStep step, Placed model, Dictionary<int, VersionSource.At> ready, Dictionary<int, ModelVersion> there, CancellationToken stop)
    {
        switch (step)
        {
            case VersionStep.Fill fill:
                var place = ready.Values.FirstOrDefault(source => source.Empty != source.Uri) ?? ready.Values.First();
                return await CreateAsync(model, fill.Number, new ModelVersion(), place with { Uri = place.Empty }, [new KeyValue(Origin.Filler, "true")], stop);
            case VersionStep.Create create:
                var source = model.Versions.First(version => version.Version == create.Number);
                if (!await CreateAsync(model, create.Number, source, ready[create.Number], context.References.Translate(source.Tags), stop)) return false;
                context.Report.Add(Kind.ModelVersions, Outcome.Written);
                model.Done.Add(create.Number);
                return true;
            case VersionStep.Present present:
                context.Report.Add(Kind.ModelVersions, Outcome.Present);
                model.Done.Add(present.Number);
                await UpdateAsync(model, model.Versions.First(version => version.Version == present.Number), there[present.Number], stop);
                return true;
            case VersionStep.Lost lost:
                context.Report.Skip(Kind.ModelVersions, $"{model.Source.Name} {lost.Number}", "its number was given to another version in the portal, or deleted there, and no number is given twice");
                return true;
            case VersionStep.Remove remove:
                await context.Target.DeleteVersionAsync(model.Name, remove.Number, stop);
                return true;
            default:
                throw new InvalidOperationException($"{step} is no step towards the source's versions.");
        }
    }

    /// <returns>False, with a line in the report, when the server gave it another number: somebody else registers versions meanwhile.</returns>
    private async Task<bool> CreateAsync(Placed model, int number, ModelVersion like, VersionSource.At source, IReadOnlyList<KeyValue> tags, CancellationToken stop)
    {
        var id = Origin.OfVersion(number);
        var wanted = like with { Name = model.Name, Source = source.Uri, RunId = source.RunId, ModelId = source.ModelId, Tags = [.. tags, .. context.Marks(id)] };
        var (made, _) = await context.Creation.OnceAsync(
            async () => (await VersionsThereAsync(model.Name, stop)).Values.FirstOrDefault(version => version.Tags.Of(Origin.Id) == id),
            () => context.Target.CreateVersionAsync(wanted, stop),
            stop);
        if (made.Version == number) return true;
        await context.Target.DeleteVersionAsync(model.Name, made.Version, stop);
        context.Report.Skip(Kind.ModelVersions, $"{model.Source.Name} {number}", $"the portal would number it {made.Version}: versions of this model were registered or deleted there since the first import");
        return false;
    }

    private async Task UpdateAsync(Placed model, ModelVersion source, ModelVersion target, CancellationToken stop)
    {
        foreach (var tag in context.References.Translate(source.Tags).Where(tag => target.Tags.Of(tag.Key) != tag.Value))
            await context.Target.SetVersionTagAsync(model.Name, target.Version, tag, stop);
        if (!string.IsNullOrEmpty(source.Description) && source.Description != target.Description)
            await context.Target.DescribeVersionAsync(model.Name, target.Version, source.Description, stop);
    }

    private static VersionRole RoleOf(ModelVersion version) =>
        version.Tags.Of(Origin.Filler) is not null ? VersionRole.Filler
        : version.Tags.Of(Origin.Id) == Origin.OfVersion(version.Version) ? VersionRole.Imported
        : VersionRole.Foreign;

    private async Task<Dictionary<int, ModelVersion>> VersionsThereAsync(string name, CancellationToken stop)
    {
        var there = new Dictionary<int, ModelVersion>();
        await foreach (var version in context.Target.VersionsAsync(name, stop)) there[version.Version] = version;
        return there;
    }

    private async Task<Dictionary<string, RegisteredModel>> ThereAsync(CancellationToken stop)
    {
        var there = new Dictionary<string, RegisteredModel>(StringComparer.Ordinal);
        await foreach (var model in context.Target.RegisteredModelsAsync(stop))
        {
            if (model.Tags.Of(Origin.Id) is { } id) there[id] = model;
        }

        return there;
    }
}
