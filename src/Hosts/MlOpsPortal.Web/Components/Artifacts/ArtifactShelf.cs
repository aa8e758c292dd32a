using System.Collections.Immutable;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Registry.Bridge;
using MlOpsPortal.Registry.Registered;
using MlOpsPortal.Tracking.Artifacts;

namespace MlOpsPortal.Web.Components.Artifacts;

/// <summary>What the artifact browser reads and does, as the person at it: files from the tracking module, models from the registry's.</summary>
public interface IArtifactShelf
{
    Task<Result<ArtifactFolder>> ListAsync(Caller caller, ArtifactAddress folder, CancellationToken cancellationToken);

    Task<Result<ArtifactPreview>> PreviewAsync(Caller caller, ArtifactAddress file, CancellationToken cancellationToken);

    /// <summary>What can still be brought back, the latest first.</summary>
    Task<Result<ImmutableArray<DeletedArtifact>>> DeletedAsync(Caller caller, ArtifactOwner owner, CancellationToken cancellationToken);

    Task<Result<ArtifactCount>> RestoreAsync(Caller caller, ArtifactAddress folder, CancellationToken cancellationToken);

    /// <param name="folder">Where MLmodel lies.</param>
    Task<Result<ModelFolder>> ModelAsync(Caller caller, ArtifactAddress folder, CancellationToken cancellationToken);

    /// <summary>Makes a portal model version of the folder's ONNX file.</summary>
    /// <param name="task">What the model answers; null for as its project or its signature says.</param>
    Task<Result<PortalVersionLink>> MakeAsync(Caller caller, ArtifactAddress folder, string name, string? task, CancellationToken cancellationToken);
}

internal sealed class ArtifactShelf(ArtifactDesk files, ArtifactPreviews previews, ModelFolderDesk models, BridgeDesk bridge) : IArtifactShelf
{
    public Task<Result<ArtifactFolder>> ListAsync(Caller caller, ArtifactAddress folder, CancellationToken cancellationToken) => files.ListAsync(caller, folder, cancellationToken);

    public Task<Result<ArtifactPreview>> PreviewAsync(Caller caller, ArtifactAddress file, CancellationToken cancellationToken) => previews.ReadAsync(caller, file, cancellationToken);

    public Task<Result<ImmutableArray<DeletedArtifact>>> DeletedAsync(Caller caller, ArtifactOwner owner, CancellationToken cancellationToken) => files.ListDeletedAsync(caller, owner, cancellationToken);

    public Task<Result<ArtifactCount>> RestoreAsync(Caller caller, ArtifactAddress folder, CancellationToken cancellationToken) => files.RestoreAsync(caller, folder, cancellationToken);

    public Task<Result<ModelFolder>> ModelAsync(Caller caller, ArtifactAddress folder, CancellationToken cancellationToken) => models.ReadAsync(caller, folder, cancellationToken);

    public Task<Result<PortalVersionLink>> MakeAsync(Caller caller, ArtifactAddress folder, string name, string? task, CancellationToken cancellationToken) =>
        bridge.FromFolderAsync(caller, folder, name, task, cancellationToken);
}
