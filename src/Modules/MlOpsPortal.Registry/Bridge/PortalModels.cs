using System.Collections.Immutable;
using System.Security.Cryptography;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Platform.Uploads;
using MlOpsPortal.Projects;
using MlOpsPortal.Registry.Registered;
using MlOpsPortal.Registry.Versions;
using MlOpsPortal.Tracking.Runs;

namespace MlOpsPortal.Registry.Bridge;

/// <summary>An ONNX file on its way into a portal model.</summary>
/// <param name="Said">What the tag says that the model answers.</param>
internal sealed record PortalCandidate(ProjectId Project, string Name, string? Description, string? Said, VersionFile File, ModelManifest? Manifest, string? RunId);

/// <summary>Makes a logged ONNX file a version of the portal model of its name, by the same use cases as an upload in the browser: the file is admitted in a
/// throw-away process before anything else looks at it.</summary>
internal sealed class PortalModels(ModelDesk models, UploadDesk uploads, ProjectDesk projects, RunDesk runs, LoggedSources sources)
{
    private const string Commit = "mlflow.source.git.commit";
    private const int MostParameters = 200;
    private const int MostLookedAt = 50;

    public async Task<Result<PortalVersionLink>> TakeAsync(Caller caller, PortalCandidate candidate, CancellationToken cancellationToken)
    {
        var model = await FindOrMakeAsync(caller, candidate, cancellationToken);
        if (!model.IsOk)
            return model.Refusal;
        var sha256 = candidate.File.Artifact.Sha256;
        if (model.Value.Versions.FirstOrDefault(version => version.File?.Sha256 == sha256) is { } there)
            return new PortalVersionLink(model.Value.Id, there.Id, there.Number);
        var upload = await UploadAsync(caller, candidate.File, cancellationToken);
        if (!upload.IsOk)
            return upload.Refusal;
        var (parameters, commit) = await LineageAsync(caller, candidate.RunId, cancellationToken);
        var added = await models.UploadAsync(
            caller, model.Value.Id, new NewVersion(upload.Value, null, candidate.Manifest?.Loader, parameters, commit, null, null), cancellationToken);
        return added.Then<PortalVersionLink>(after => after.State.Versions.LastOrDefault(version => version.File?.Sha256 == sha256) is { } made
            ? new PortalVersionLink(after.State.Id, made.Id, made.Number)
            : new Conflict("stale"));
    }

    /// <summary>The version of a portal model of the project that has this content; null when there is none among its models.</summary>
    public async Task<(Model Model, ModelVersion Version)?> ByContentAsync(Caller caller, ProjectId project, string sha256, CancellationToken cancellationToken)
    {
        var page = await models.ListAsync(caller, project, PageRequest.Of(MostLookedAt, null), cancellationToken);
        if (!page.IsOk)
            return null;
        foreach (var summary in page.Value.Items.Where(summary => summary.Versions > 0))
            if ((await models.GetAsync(caller, summary.Id, cancellationToken)).Value?.State is { } model && model.Versions.LastOrDefault(version => version.File?.Sha256 == sha256) is { } version)
                return (model, version);
        return null;
    }

    private async Task<Result<Model>> FindOrMakeAsync(Caller caller, PortalCandidate candidate, CancellationToken cancellationToken)
    {
        if (await FindAsync(caller, candidate, cancellationToken) is { } there)
            return there;
        var project = await projects.GetAsync(caller, candidate.Project, cancellationToken);
        if (!project.IsOk)
            return project.Refusal;
        if (TaskGuess.Of(candidate.Said, project.Value.State.MlProblem?.Task, candidate.Manifest?.Outputs) is not { } task)
            return new Conflict("registry.task_unknown");
        var made = await models.CreateAsync(caller, new NewModel(candidate.Project, Cut(candidate.Name, 200), Cut(candidate.Description ?? "", 4_000), task), cancellationToken);
        if (made.IsOk)
            return made.Value.State;
        // Somebody was first.
        return made.Refusal is Conflict && await FindAsync(caller, candidate, cancellationToken) is { } meanwhile ? meanwhile : made.Refusal;
    }

    private async Task<Model?> FindAsync(Caller caller, PortalCandidate candidate, CancellationToken cancellationToken)
    {
        for (string? cursor = null; ;)
        {
            var page = await models.ListAsync(caller, candidate.Project, PageRequest.Of(PageRequest.MaxLimit, cursor), cancellationToken);
            if (!page.IsOk)
                return null;
            var name = Cut(candidate.Name, 200);
            if (page.Value.Items.FirstOrDefault(model => string.Equals(model.Name, name, StringComparison.OrdinalIgnoreCase)) is { } found)
                return (await models.GetAsync(caller, found.Id, cancellationToken)).Value?.State;
            if ((cursor = page.Value.NextCursor) is null)
                return null;
        }
    }

    /// <summary>Copies the file block by block: what was logged stays, the portal's own model has a file of its own.</summary>
    private async Task<Result<UploadId>> UploadAsync(Caller caller, VersionFile file, CancellationToken cancellationToken)
    {
        var person = caller with { Idempotency = null };
        var begun = await uploads.BeginAsync(person, new BeginUpload(file.Path[(file.Path.LastIndexOf('/') + 1)..], file.Artifact.Length, file.Artifact.Sha256), cancellationToken);
        if (!begun.IsOk)
            return begun.Refusal;
        await using var content = await sources.OpenAsync(file, cancellationToken);
        var block = new byte[(int)Math.Min(begun.Value.BlockSize, file.Artifact.Length)];
        for (var number = 0; number < begun.Value.BlockCount; number++)
        {
            var read = await content.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellationToken);
            var hash = Convert.ToHexStringLower(SHA256.HashData(block.AsSpan(0, read)));
            var put = await uploads.PutBlockAsync(person, begun.Value.Id, number, hash, new MemoryStream(block, 0, read), cancellationToken);
            if (!put.IsOk)
                return put.Refusal;
        }

        return (await uploads.CompleteAsync(person, begun.Value.Id, cancellationToken)).Map(done => done.Id);
    }

    private async Task<(ImmutableSortedDictionary<string, string>? Parameters, string? Commit)> LineageAsync(Caller caller, string? runId, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(runId) || await runs.GetAsync(caller, runId, cancellationToken) is not { Value: { } run })
            return (null, null);
        var parameters = run.Params.Where(param => param.Key.Length <= 250 && param.Value.Length <= 6_000).Take(MostParameters).ToImmutableSortedDictionary(param => param.Key, param => param.Value, StringComparer.Ordinal);
        return (parameters, run.Tag(Commit) is { Length: <= 200 } commit ? commit : null);
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}
