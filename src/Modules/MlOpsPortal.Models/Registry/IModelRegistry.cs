using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models.Registry;

/// <summary>What serving needs of a version.</summary>
public interface IModelRegistry
{
    /// <returns>A ready version; <c>models.not_ready</c> when its file is not admitted or its contract not confirmed. One that the portal does not run has no signature: it can be let in, and answers nothing.</returns>
    Task<Result<ServableModel>> GetReadyAsync(Caller caller, ModelVersionId version, CancellationToken cancellationToken);

    /// <summary>Copies the file of a version to a path and checks its hash.</summary>
    /// <exception cref="InvalidDataException">The stored file is not the one that was admitted.</exception>
    Task DownloadAsync(TenantId tenant, StoredFile file, string path, CancellationToken cancellationToken);
}

/// <summary>An admitted file with the contract that a person has confirmed; of a version that the portal does not run the contract, and the file that was kept, if any.</summary>
/// <param name="Signature">Null when the portal does not run the version.</param>
public sealed record ServableModel(
    ProjectId Project, ModelId Model, string ModelName, ModelVersionId Version, int Number, StoredFile? File, ModelSignature? Signature, ModelContract Contract, string ContractSha256, Lineage Lineage);

internal sealed class ModelRegistry(ModelDesk models, BlobStore blobs) : IModelRegistry
{
    public async Task<Result<ServableModel>> GetReadyAsync(Caller caller, ModelVersionId version, CancellationToken cancellationToken) =>
        (await models.FindVersionAsync(caller, version, cancellationToken)).Then<ServableModel>(found =>
            found.Model.Task == MlTask.Multiclass ? ModelsErrors.NotServed(found.Model.Name)
            : found.Version is { State: VersionState.Ready, Contract: { } contract } && (found.Version.NotRun || found.Version is { Signature: not null, File: not null })
                ? new ServableModel(
                    found.Model.Project, found.Model.Id, found.Model.Name, found.Version.Id, found.Version.Number, found.Version.File, found.Version.NotRun ? null : found.Version.Signature, contract.Contract, contract.Sha256, found.Version.Lineage)
                : ModelsErrors.NotReady(found.Version.Number));

    public Task DownloadAsync(TenantId tenant, StoredFile file, string path, CancellationToken cancellationToken) =>
        blobs.DownloadAsync(tenant, new BlobRow { TenantId = tenant, Id = file.Blob, Length = file.Bytes, Sha256 = file.Sha256, Purpose = "model" }, path, cancellationToken);
}
