using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Tracking.Artifacts;

/// <summary>Where the files of a registered version lie. Implemented by whoever keeps the versions.</summary>
public interface IVersionArtifacts
{
    /// <returns>NotFound for a version that is not there or not for the caller's eyes, and for one whose files are in another store.</returns>
    Task<Result<ArtifactAddress>> FindAsync(Caller caller, string name, string version, CancellationToken cancellationToken);
}

/// <summary>Where nobody keeps versions, there are none.</summary>
internal sealed class NoVersions : IVersionArtifacts
{
    public Task<Result<ArtifactAddress>> FindAsync(Caller caller, string name, string version, CancellationToken cancellationToken) =>
        Task.FromResult<Result<ArtifactAddress>>(new NotFound());
}
