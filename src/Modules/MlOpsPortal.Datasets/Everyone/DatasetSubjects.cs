using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Subjects;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Datasets.Everyone;

internal sealed class DatasetSubjects(DatasetDesk desk) : ISubjectSource
{
    public IReadOnlyCollection<string> Kinds { get; } = ["dataset"];

    public async Task<Result<SubjectPlace>> FindAsync(Caller caller, ScopeId scope, string kind, string id, CancellationToken cancellationToken)
    {
        _ = DatasetId.TryParse(id, null, out var key);
        return (await desk.GetAsync(caller, key, cancellationToken)).Then<SubjectPlace>(found => found.State.Project.Scope == scope
            ? new SubjectPlace(new Subject(kind, found.State.Id.ToString(), found.State.Name, scope), $"/projects/{found.State.Project}/datasets/{found.State.Id}#comments")
            : new NotFound());
    }
}
