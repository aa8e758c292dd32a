using MlOpsPortal.Cli.Connections;
using MlOpsPortal.Cli.Mlflow;
using MlOpsPortal.Cli.Portal;
using MlOpsPortal.Cli.Reports;

namespace MlOpsPortal.Cli.Importing;

/// <summary>Stages and aliases. The portal may want an approval, which is asked for once; what stands there already is left alone unless it was asked for.</summary>
internal sealed class ImportPointers(ImportContext context)
{
    /// <summary>The page of a request, which the refusal names; any other refusal is none that somebody could approve.</summary>
    private const string RequestPage = "/registry/requests/";

    /// <param name="target">The model in the portal.</param>
    /// <param name="versions">At the source.</param>
    /// <param name="done">Numbers that are at the target.</param>
    public async Task RunAsync(RegisteredModel source, RegisteredModel target, IReadOnlyList<ModelVersion> versions, IReadOnlySet<int> done, CancellationToken stop)
    {
        var staged = versions.Where(version => version.CurrentStage != ModelVersion.NoStage && done.Contains(version.Version)).ToList();
        if (staged.Count > 0)
        {
            var stages = new Dictionary<int, string>();
            await foreach (var version in context.Target.VersionsAsync(target.Name, stop)) stages[version.Version] = version.CurrentStage;
            foreach (var (number, stage) in staged.Select(version => (version.Version, version.CurrentStage)))
            {
                var stands = stages.GetValueOrDefault(number, ModelVersion.NoStage);
                var pointer = new Pointer(Kind.Stages, $"{source.Name} {number} in {stage}", target, stage, number, stands == stage, stands == ModelVersion.NoStage ? null : $"it is in {stands} in the portal");
                await MoveAsync(pointer, () => context.Target.MoveToStageAsync(target.Name, number, stage, stop), stop);
            }
        }

        if (source.Aliases.Count == 0) return;
        var aliases = (await context.Target.RegisteredModelAsync(target.Name, stop))?.Aliases ?? [];
        foreach (var (alias, number) in source.Aliases.Select(alias => (alias.Alias, alias.Version)))
        {
            var what = $"{source.Name}@{alias} on {number}";
            var stands = aliases.FirstOrDefault(other => other.Alias == alias)?.Version;
            if (!done.Contains(number))
            {
                context.Report.Skip(Kind.Aliases, what, "its version was not imported");
                continue;
            }

            var pointer = new Pointer(Kind.Aliases, what, target, alias, number, stands == number, stands is null ? null : $"it stands on {stands} in the portal");
            await MoveAsync(pointer, () => context.Target.SetAliasAsync(target.Name, alias, number, stop), stop);
        }
    }

    private async Task MoveAsync(Pointer pointer, Func<Task> move, CancellationToken stop)
    {
        if (pointer.IsThere) context.Report.Add(pointer.Kind, Outcome.Present);
        else if (pointer.Elsewhere is { } elsewhere && !context.Options.MoveAliases) context.Report.Skip(pointer.Kind, pointer.What, $"{elsewhere} and was left there; --move-aliases makes it follow the source");
        else if (await AskedAsync(pointer, stop) is { } asked && (asked.IsOpen || !context.Options.MoveAliases)) context.Report.Skip(pointer.Kind, pointer.What, asked.Sentence);
        else
        {
            try
            {
                await move();
                context.Report.Add(pointer.Kind, Outcome.Written);
            }
            catch (MlflowRefusal refusal)
            {
                context.Report.Skip(pointer.Kind, pointer.What, refusal.IsForbidden && refusal.Message.Contains(RequestPage, StringComparison.Ordinal) ? $"waits for an approval: {refusal.Message}" : refusal.Message);
            }
        }
    }

    private Task<MoveRequest?> AskedAsync(Pointer pointer, CancellationToken stop) =>
        context.Requests?.FindAsync(pointer.Model, MoveRequest.Target.Of(pointer.Kind, pointer.Name, pointer.Number), stop) ?? Task.FromResult<MoveRequest?>(null);

    /// <param name="What">Names it in the report.</param>
    /// <param name="Name">The alias or the stage.</param>
    /// <param name="IsThere">It points there already.</param>
    /// <param name="Elsewhere">Says where it points instead; null when nowhere.</param>
    private sealed record Pointer(Kind Kind, string What, RegisteredModel Model, string Name, int Number, bool IsThere, string? Elsewhere);
}
