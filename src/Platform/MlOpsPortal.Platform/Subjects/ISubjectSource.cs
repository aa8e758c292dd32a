using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Subjects;

/// <summary>Finds a module's things for what is attached to things of any module (comments). Registered as a singleton.</summary>
public interface ISubjectSource
{
    /// <summary>Stable kinds, each known by one source: project, kpi, dataset, modelVersion, release, alert.</summary>
    IReadOnlyCollection<string> Kinds { get; }

    /// <returns>NotFound for what the caller may not see and for what is not in this project.</returns>
    Task<Result<SubjectPlace>> FindAsync(Caller caller, ScopeId scope, string kind, string id, CancellationToken cancellationToken);
}

/// <summary>A thing and its page.</summary>
/// <param name="Href">Below <c>/t/{tenant}</c>.</param>
public sealed record SubjectPlace(Subject Subject, string Href);
