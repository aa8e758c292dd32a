using System.Globalization;
using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Subjects;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Models.Everyone;

/// <summary>Versions by their own id, and release requests.</summary>
internal sealed class ModelSubjects(ModelDesk models, ReleaseDesk releases) : ISubjectSource
{
    private const string Version = "modelVersion", Release = "release";

    public IReadOnlyCollection<string> Kinds { get; } = [Version, Release];

    public Task<Result<SubjectPlace>> FindAsync(Caller caller, ScopeId scope, string kind, string id, CancellationToken cancellationToken) =>
        kind == Version ? VersionAsync(caller, scope, id, cancellationToken) : ReleaseAsync(caller, scope, id, cancellationToken);

    private async Task<Result<SubjectPlace>> VersionAsync(Caller caller, ScopeId scope, string id, CancellationToken cancellationToken)
    {
        _ = ModelVersionId.TryParse(id, null, out var key);
        return (await models.FindVersionAsync(caller, key, cancellationToken)).Then<SubjectPlace>(found => found.Model.Project.Scope == scope
            ? new SubjectPlace(
                new Subject(Version, found.Version.Id.ToString(), string.Create(CultureInfo.InvariantCulture, $"{found.Model.Name} v{found.Version.Number}"), scope),
                string.Create(CultureInfo.InvariantCulture, $"/projects/{found.Model.Project}/models/{found.Model.Id}/versions/{found.Version.Number}#comments"))
            : new NotFound());
    }

    private async Task<Result<SubjectPlace>> ReleaseAsync(Caller caller, ScopeId scope, string id, CancellationToken cancellationToken)
    {
        _ = ReleaseRequestId.TryParse(id, null, out var key);
        return (await releases.GetAsync(caller, key, cancellationToken)).Then<SubjectPlace>(found => found.State.Project.Scope == scope
            ? new SubjectPlace(
                new Subject(Release, found.State.Id.ToString(), string.Create(CultureInfo.InvariantCulture, $"the release of {found.State.ModelName} v{found.State.Number}"), scope),
                $"/projects/{found.State.Project}/releases/{found.State.Id}#comments")
            : new NotFound());
    }
}
