using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Tracking.Artifacts;

namespace MlOpsPortal.Registry.Versions;

/// <summary>Leads downloads of a version to its files.</summary>
internal sealed class VersionArtifacts(VersionDesk versions) : IVersionArtifacts
{
    public async Task<Result<ArtifactAddress>> FindAsync(Caller caller, string name, string version, CancellationToken cancellationToken) =>
        (await versions.GetAsync(caller, name, version, cancellationToken)).Then<ArtifactAddress>(found =>
            found.Files is { } files && ArtifactAddress.OfUri(files) is { } address ? address : RegistryErrors.NoVersion(name, version));
}
