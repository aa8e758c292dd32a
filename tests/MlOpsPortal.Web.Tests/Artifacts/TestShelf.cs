using System.Collections.Immutable;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Registry.Bridge;
using MlOpsPortal.Registry.Registered;
using MlOpsPortal.Tracking;
using MlOpsPortal.Tracking.Artifacts;
using MlOpsPortal.Web.Components.Artifacts;

namespace MlOpsPortal.Web.Artifacts;

/// <summary>Files that a test lays out: paths and what a preview of each says.</summary>
internal sealed class TestShelf : IArtifactShelf
{
    public static readonly ArtifactOwner Run = ArtifactOwner.Of(RunId.Parse("01a1fd970c7171ce8000f8a0098b4158"));
    public static readonly Caller Ada = Caller.Portal(new TenantId(Guid.CreateVersion7()));
    private readonly Dictionary<string, ArtifactPreview> files = new(StringComparer.Ordinal);

    public Refusal? Refused { get; set; }

    public Result<ModelFolder> Model { get; set; } = new NotFound();

    public Result<PortalVersionLink> Made { get; set; } = new NotFound();

    public ImmutableArray<DeletedArtifact> Deleted { get; set; } = [];

    /// <summary>What was asked to be made: folder, name, task.</summary>
    public List<(string Folder, string Name, string? Task)> Asked { get; } = [];

    public TestShelf With(string path, ArtifactKind kind, string? text = null, ArtifactTable? table = null, long length = 12, bool isCut = false)
    {
        files[path] = new ArtifactPreview(new Artifact(ArtifactPath.Parse(path)!.Value, length, new string('a', 64), DateTimeOffset.UnixEpoch), kind, text, table, isCut);
        return this;
    }

    public Task<Result<ArtifactFolder>> ListAsync(Caller caller, ArtifactAddress folder, CancellationToken cancellationToken)
    {
        if (Refused is { } refusal)
            return Task.FromResult<Result<ArtifactFolder>>(refusal);
        var start = folder.Path.IsRoot ? "" : folder.Path.Text + "/";
        var below = files.Where(file => file.Key.StartsWith(start, StringComparison.Ordinal)).Select(file => (Below: file.Key[start.Length..], file.Value.File.Length)).ToList();
        var folders = below.Where(file => file.Below.Contains('/', StringComparison.Ordinal)).Select(file => file.Below.Split('/')[0]).Distinct(StringComparer.Ordinal);
        var single = below.Where(file => !file.Below.Contains('/', StringComparison.Ordinal));
        return Task.FromResult<Result<ArtifactFolder>>(new ArtifactFolder(folder, "", [.. folders.Select(name => new ArtifactEntry(name, true, null)), .. single.Select(file => new ArtifactEntry(file.Below, false, file.Length))]));
    }

    public Task<Result<ArtifactPreview>> PreviewAsync(Caller caller, ArtifactAddress file, CancellationToken cancellationToken) => Task.FromResult<Result<ArtifactPreview>>(
        files.TryGetValue(file.Path.Text, out var found) ? found
        : files.Keys.Any(path => path.StartsWith(file.Path.Text + "/", StringComparison.Ordinal)) ? new Validation("tracking.artifact_is_folder") : new NotFound());

    public Task<Result<ImmutableArray<DeletedArtifact>>> DeletedAsync(Caller caller, ArtifactOwner owner, CancellationToken cancellationToken) => Task.FromResult<Result<ImmutableArray<DeletedArtifact>>>(Deleted);

    public Task<Result<ArtifactCount>> RestoreAsync(Caller caller, ArtifactAddress folder, CancellationToken cancellationToken)
    {
        foreach (var file in Deleted)
            With(file.Path.Text, ArtifactKind.Text, "back");
        var back = new ArtifactCount(Deleted.Length, 12);
        Deleted = [];
        return Task.FromResult<Result<ArtifactCount>>(back);
    }

    public Task<Result<ModelFolder>> ModelAsync(Caller caller, ArtifactAddress folder, CancellationToken cancellationToken) => Task.FromResult(Model);

    public Task<Result<PortalVersionLink>> MakeAsync(Caller caller, ArtifactAddress folder, string name, string? task, CancellationToken cancellationToken)
    {
        Asked.Add((folder.Path.Text, name, task));
        return Task.FromResult(Made);
    }
}
