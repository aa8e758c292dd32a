using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Subjects;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects.Kpis;

namespace MlOpsPortal.Projects.Everyone;

/// <summary>A project and its KPIs, for what is attached to them.</summary>
internal sealed class ProjectSubjects(ProjectDesk desk) : ISubjectSource
{
    private const string Kpi = "kpi";

    public IReadOnlyCollection<string> Kinds { get; } = ["project", Kpi];

    public async Task<Result<SubjectPlace>> FindAsync(Caller caller, ScopeId scope, string kind, string id, CancellationToken cancellationToken)
    {
        var found = await desk.GetAsync(caller, new ProjectId(scope.Value), cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var project = found.Value.State;
        if (kind != Kpi)
            return id == project.Id.ToString() ? new SubjectPlace(new Subject(kind, id, project.Name, scope), $"/projects/{project.Id}#comments") : new NotFound();
        _ = KpiId.TryParse(id, null, out var key);
        return project.Kpis.FirstOrDefault(kpi => kpi.Id == key) is { } kpi
            ? new SubjectPlace(new Subject(kind, kpi.Id.ToString(), kpi.Name, scope), $"/projects/{project.Id}/business?kpi={kpi.Id}#comments")
            : new NotFound();
    }
}
