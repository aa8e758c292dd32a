using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Models;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Registry.Data;
using MlOpsPortal.Registry.Registered;
using MlOpsPortal.Registry.Versions;
using MlOpsPortal.Tracking.Artifacts;

namespace MlOpsPortal.Registry.Bridge;

/// <summary>A folder of a run or a logged model that holds a model, and what the portal can do with it.</summary>
/// <param name="Manifest">Null where MLmodel is missing or cannot be read.</param>
/// <param name="Onnx">The file that the portal can run, below the folder; null without one.</param>
/// <param name="Name">What a portal model of it would be called: as it is registered, else as it was logged.</param>
public sealed record ModelFolder(ProjectId Project, string Name, ModelManifest? Manifest, int Files, long Bytes, string? Onnx)
{
    public ModelNeeds Needs { get; init; } = ModelNeeds.Nothing;

    /// <summary>The portal model version with this content, if there is one.</summary>
    public PortalVersionLink? Portal { get; init; }

    /// <summary>Of the portal model.</summary>
    public string? PortalName { get; init; }

    /// <summary>May the caller make a portal model version of it?</summary>
    public bool MayMake { get; init; }
}

/// <summary>Reads folders that hold a model. Nothing of them is loaded.</summary>
public sealed class ModelFolderDesk
{
    private readonly ITenantDb<RegistryDbContext> databases;
    private readonly LoggedSources sources;
    private readonly PortalModels portal;
    private readonly IPermissions permissions;

    internal ModelFolderDesk(ITenantDb<RegistryDbContext> databases, LoggedSources sources, PortalModels portal, IPermissions permissions) =>
        (this.databases, this.sources, this.portal, this.permissions) = (databases, sources, portal, permissions);

    public async Task<Result<ModelFolder>> ReadAsync(Caller caller, ArtifactAddress folder, CancellationToken cancellationToken)
    {
        var source = await sources.OwnerAsync(caller, folder.Owner, cancellationToken);
        if (!source.IsOk)
            return source.Refusal;
        var found = await sources.FilesAsync(caller, folder, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var (files, project) = (found.Value, source.Value.Project);
        var manifest = await ManifestReader.ReadAsync(sources, files, cancellationToken);
        var onnx = ManifestReader.Onnx(files, manifest);
        var known = onnx is null ? null : await portal.ByContentAsync(caller, project, onnx.Artifact.Sha256, cancellationToken);
        var roles = await permissions.RolesAsync(caller, project.Scope, cancellationToken);
        return new ModelFolder(project, await NameAsync(caller, folder, source.Value, cancellationToken), manifest, files.Length, files.Sum(file => file.Artifact.Length), onnx?.Path)
        {
            Needs = await ModelNeeds.ReadAsync(sources, files, cancellationToken),
            Portal = known is var (model, version) ? new PortalVersionLink(model.Id, version.Id, version.Number) : null,
            PortalName = known?.Model.Name,
            MayMake = ModelsPermissions.Upload.Roles.Any(roles.Contains),
        };
    }

    /// <summary>Many logged models are called "model": a name that somebody registered it under says more.</summary>
    private async Task<string> NameAsync(Caller caller, ArtifactAddress folder, LoggedSource source, CancellationToken cancellationToken)
    {
        var uri = folder.Path.IsRoot ? source.ArtifactUri : $"{source.ArtifactUri}/{folder.Path.Text}";
        await using var db = databases.Open(caller.Tenant);
        var registered = await db.Versions.Where(version => version.Files == uri && version.DeletedAt == null).OrderByDescending(version => version.CreatedMs)
            .Join(db.Models.Where(model => model.DeletedAt == null && model.ProjectId == source.Project), version => version.ModelId, model => model.Id, (_, model) => model.Name)
            .FirstOrDefaultAsync(cancellationToken);
        return registered ?? (folder.Path.IsRoot ? source.Name : folder.Path.Name);
    }
}
