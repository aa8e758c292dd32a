using MlOpsPortal.Cli.Connections;
using MlOpsPortal.Cli.Mlflow;
using MlOpsPortal.Cli.Reports;

namespace MlOpsPortal.Cli.Importing;

/// <summary>Stages and aliases. The portal may want an approval; what stands there already is left alone unless it was asked for.</summary>
internal sealed class ImportPointers(ImportContext context)
{
    /// <param name="name">The model's name at the target.</param>
    /// <param name="versions">At the source.</param>
    /// <param name="done">Numbers that are at the target.</param>
    public async Task RunAsync(RegisteredModel source, string name, IReadOnlyList<ModelVersion> versions, IReadOnlySet<int> done, CancellationToken stop)
    {
        var staged = versions.Where(version => version.CurrentStage != ModelVersion.NoStage && done.Contains(version.Version)).ToList();
        if (staged.Count > 0)
        {
            var stages = new Dictionary<int, string>();
            await foreach (var version in context.Target.VersionsAsync(name, stop)) stages[version.Version] = version.CurrentStage;
            foreach (var version in staged)
            {
                var stands = stages.GetValueOrDefault(version.Version, ModelVersion.NoStage);
                await MoveAsync(
                    Kind.Stages, $"{source.Name} {version.Version} in {version.CurrentStage}", stands == version.CurrentStage, stands == ModelVersion.NoStage ? null : $"it is in {stands} in the portal",
                    () => context.Target.MoveToStageAsync(name, version.Version, version.CurrentStage, stop));
            }
        }

        if (source.Aliases.Count == 0) return;
        var aliases = (await context.Target.RegisteredModelAsync(name, stop))?.Aliases ?? [];
        foreach (var alias in source.Aliases)
        {
            var what = $"{source.Name}@{alias.Alias} on {alias.Version}";
            var stands = aliases.FirstOrDefault(other => other.Alias == alias.Alias)?.Version;
            if (!done.Contains(alias.Version)) context.Report.Skip(Kind.Aliases, what, "its version was not imported");
            else
            {
                await MoveAsync(
                    Kind.Aliases, what, stands == alias.Version, stands is null ? null : $"it stands on {stands} in the portal", () => context.Target.SetAliasAsync(name, alias.Alias, alias.Version, stop));
            }
        }
    }

    private async Task MoveAsync(Kind kind, string what, bool isThere, string? elsewhere, Func<Task> move)
    {
        if (isThere) context.Report.Add(kind, Outcome.Present);
        else if (elsewhere is not null && !context.Options.MoveAliases) context.Report.Skip(kind, what, $"{elsewhere} and was left there; --move-aliases makes it follow the source");
        else
        {
            try
            {
                await move();
                context.Report.Add(kind, Outcome.Written);
            }
            catch (MlflowRefusal refusal)
            {
                context.Report.Skip(kind, what, refusal.IsForbidden ? $"waits for an approval: {refusal.Message}" : refusal.Message);
            }
        }
    }
}
