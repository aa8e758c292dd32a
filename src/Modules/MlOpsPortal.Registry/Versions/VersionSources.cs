using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Registry.Data;
using MlOpsPortal.Registry.Registered;

namespace MlOpsPortal.Registry.Versions;

/// <summary>What a new version stands on, after it was found and the caller was let at it.</summary>
/// <param name="Storage">What a client downloads from.</param>
/// <param name="Files">Where the portal finds the files; null for a prompt.</param>
/// <param name="Project">Of the experiment; null for a prompt.</param>
internal sealed record ResolvedSource(string Source, string Storage, string? Files, string? RunId, string? LoggedModel, ProjectId? Project);

/// <summary>Finds what a source names: a run, a logged model or a version of this tenant that the caller may see. Everything else is refused, and nothing
/// else is ever opened.</summary>
internal sealed class VersionSources(LoggedSources sources, ModelPlaces places)
{
    private static readonly ImmutableArray<string> PromptPlaceholders = ["dummy-source", "prompt-template"];

    /// <param name="runId">As the caller wrote it; null when she did not, empty counts as not.</param>
    public async Task<Result<ResolvedSource>> ResolveAsync(
        RegistryDbContext db, Caller caller, string source, string? runId, string? modelId, bool isPrompt, CancellationToken cancellationToken)
    {
        if (source.Length > RegistryText.MaxSource)
            return RegistryErrors.TooLong("source", RegistryText.MaxSource);
        if (isPrompt)
            return PromptPlaceholders.Contains(source, StringComparer.Ordinal) ? new ResolvedSource(source, source, null, runId ?? "", null, null) : RegistryErrors.PromptSource(source);
        return SourceAddress.Of(source) switch
        {
            SourceAddress.LoggedModel model when model.Id != modelId => RegistryErrors.SourceOwner(source, "model_id"),
            SourceAddress.LoggedModel model => await OfLoggedModelAsync(caller, source, runId, model.Id, cancellationToken),
            SourceAddress.RegisteredVersion version => await OfVersionAsync(db, caller, source, runId, modelId, version, cancellationToken),
            SourceAddress.RunPath when !string.IsNullOrEmpty(modelId) => RegistryErrors.SourceOwner(source, "model_id"),
            SourceAddress.RunPath path when path.Run != runId => RegistryErrors.SourceOwner(source, "run_id"),
            SourceAddress.RunPath path => (await sources.RunAsync(caller, path.Run, cancellationToken))
                .Map(run => new ResolvedSource(source, source, $"{run.ArtifactUri}/{path.Path}", path.Run, null, run.Project)),
            SourceAddress.Artifacts when !string.IsNullOrEmpty(modelId) => await WithinModelAsync(caller, source, runId, modelId, cancellationToken),
            SourceAddress.Artifacts when !string.IsNullOrEmpty(runId) => await WithinRunAsync(caller, source, runId, cancellationToken),
            SourceAddress.Artifacts => RegistryErrors.SourceOwner(source, "run_id"),
            SourceAddress.Foreign when !string.IsNullOrEmpty(runId) => await InOtherStoreAsync(caller, source, runId, cancellationToken),
            _ => RegistryErrors.Source(source),
        };
    }

    private async Task<Result<ResolvedSource>> OfLoggedModelAsync(Caller caller, string source, string? runId, string modelId, CancellationToken cancellationToken) =>
        (await sources.ModelAsync(caller, modelId, cancellationToken))
            .Map(model => new ResolvedSource(source, model.ArtifactUri, model.ArtifactUri, string.IsNullOrEmpty(runId) ? Given(model.SourceRunId) : runId, modelId, model.Project));

    private async Task<Result<ResolvedSource>> WithinModelAsync(Caller caller, string source, string? runId, string modelId, CancellationToken cancellationToken)
    {
        var model = await sources.ModelAsync(caller, modelId, cancellationToken);
        if (!model.IsOk)
            return model.Refusal is NotFound ? RegistryErrors.SourceOwner(source, "model_id") : model.Refusal;
        return IsWithin(source, model.Value.ArtifactUri)
            ? new ResolvedSource(source, source, source.TrimEnd('/'), string.IsNullOrEmpty(runId) ? Given(model.Value.SourceRunId) : runId, modelId, model.Value.Project)
            : RegistryErrors.SourceOwner(source, "model_id");
    }

    private async Task<Result<ResolvedSource>> WithinRunAsync(Caller caller, string source, string runId, CancellationToken cancellationToken)
    {
        var run = await sources.RunAsync(caller, runId, cancellationToken);
        if (!run.IsOk)
            return run.Refusal is NotFound ? RegistryErrors.SourceOwner(source, "run_id") : run.Refusal;
        return IsWithin(source, run.Value.ArtifactUri)
            ? new ResolvedSource(source, source, source.TrimEnd('/'), runId, null, run.Value.Project)
            : RegistryErrors.SourceOwner(source, "run_id");
    }

    /// <summary>An experiment may keep its artifacts in another store, where its clients write and read themselves: only below one's own run there.</summary>
    private async Task<Result<ResolvedSource>> InOtherStoreAsync(Caller caller, string source, string runId, CancellationToken cancellationToken)
    {
        var run = await sources.RunAsync(caller, runId, cancellationToken);
        return run.IsOk && SourceAddress.IsPlain(source) && IsWithin(source, run.Value.ArtifactUri)
            ? new ResolvedSource(source, source, null, runId, null, run.Value.Project)
            : RegistryErrors.Source(source);
    }

    private async Task<Result<ResolvedSource>> OfVersionAsync(
        RegistryDbContext db, Caller caller, string source, string? runId, string? modelId, SourceAddress.RegisteredVersion named, CancellationToken cancellationToken)
    {
        var model = await places.FindAsync(db, caller, named.Name, RegistryPermissions.View, cancellationToken);
        if (!model.IsOk)
            return model.Refusal;
        if (await db.ModelTags.AnyAsync(tag => tag.ModelId == model.Value.Id && tag.Key == RegistryDesk.PromptTag && tag.Value == "true", cancellationToken))
            return RegistryErrors.SourcePrompt(source);
        var number = named.Number ?? (named.Alias is { } alias
            ? await db.Aliases.Where(row => row.ModelId == model.Value.Id && row.Alias == alias).Select(row => (int?)row.Number).SingleOrDefaultAsync(cancellationToken)
            : await db.Versions.Where(row => row.ModelId == model.Value.Id && row.DeletedAt == null).MaxAsync(row => (int?)row.Number, cancellationToken));
        if (number is null)
            return named.Alias is { } missing ? RegistryErrors.NoAlias(missing) : RegistryErrors.NoLatest(named.Name);
        var version = await ModelPlaces.VersionAsync(db, model.Value, number.Value.ToString(CultureInfo.InvariantCulture), cancellationToken);
        if (!version.IsOk)
            return version.Refusal;
        if ((runId is not null && runId != (version.Value.RunId ?? "")) || (modelId is not null && modelId != (version.Value.LoggedModel ?? "")))
            return RegistryErrors.SourceMismatch(source);
        return new ResolvedSource(
            string.Create(CultureInfo.InvariantCulture, $"models:/{model.Value.Name}/{version.Value.Number}"), version.Value.Storage, version.Value.Files, version.Value.RunId, version.Value.LoggedModel, model.Value.ProjectId);
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static bool IsWithin(string source, string root) => source.TrimEnd('/') == root || source.StartsWith(root + "/", StringComparison.Ordinal);
}
