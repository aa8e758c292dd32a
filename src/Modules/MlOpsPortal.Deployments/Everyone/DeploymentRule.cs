using MlOpsPortal.Platform.Notifications;

namespace MlOpsPortal.Deployments.Everyone;

/// <summary>Who operates an endpoint is told when it stops answering, goes back, or could not be changed.</summary>
internal sealed class DeploymentRule : INotificationRule
{
    private const string Failed = "deployment.release_failed", Off = "deployment.switched_off", Back = "deployment.rolled_back", Live = "deployment.release_live";

    public IReadOnlyCollection<string> EventTypes { get; } = [Failed, Off, Back, Live];

    public Task<IReadOnlyList<Notice>> TellAsync(Happened happened, CancellationToken cancellationToken)
    {
        var href = happened.Scope is { } project ? $"/projects/{project}/endpoints/{happened.SubjectName}" : "/projects";
        var (title, mail) = happened.Type switch
        {
            Failed => ($"A release to {happened.SubjectName} failed; the version before it answers", true),
            Off => ($"{happened.ActorName} switched {happened.SubjectName} off", true),
            Back => ($"{happened.ActorName} rolled {happened.SubjectName} back", true),
            _ => ($"A new release of {happened.SubjectName} answers", false),
        };
        // The one who asked for a release has turned to something else while it was loaded.
        return Task.FromResult<IReadOnlyList<Notice>>([new Notice(Audience.Holding(DeploymentsPermissions.Operate), "endpoint", title, null, href) { Mail = mail, ActorToo = happened.Type is Failed }]);
    }
}
