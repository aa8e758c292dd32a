using MlOpsPortal.Monitoring.Incidents;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Subjects;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Monitoring.Alerts;

/// <summary>Alerts, for comments on them; they are seen on their incident's page.</summary>
internal sealed class AlertSubjects(AlertDesk desk) : ISubjectSource
{
    public IReadOnlyCollection<string> Kinds { get; } = ["alert"];

    public async Task<Result<SubjectPlace>> FindAsync(Caller caller, ScopeId scope, string kind, string id, CancellationToken cancellationToken)
    {
        var found = Guid.TryParseExact(id, "n", out var key) ? await desk.GetAsync(caller, new AlertId(key), cancellationToken) : new NotFound();
        if (!found.IsOk)
            return found.Refusal;
        var alert = found.Value;
        return alert.Project.Scope == scope
            ? new SubjectPlace(new(kind, alert.Id.ToString(), alert.Subject is null ? alert.RuleName : $"{alert.RuleName}: {alert.Subject}", scope), IncidentWork.PageOf(alert.Project, alert.Incident))
            : new NotFound();
    }
}
