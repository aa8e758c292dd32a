using MlOpsPortal.Platform.Notifications;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Projects.Everyone;

/// <summary>Who works on a project's content is told when a stage was signed off or taken back.</summary>
internal sealed class ProjectRule : INotificationRule
{
    public IReadOnlyCollection<string> EventTypes { get; } = ["project.stage_signed_off", "project.stage_reopened"];

    public Task<IReadOnlyList<Notice>> TellAsync(Happened happened, CancellationToken cancellationToken)
    {
        var notice = happened.Type == "project.stage_reopened" ? Reopened(happened) : SignedOff(happened);
        return Task.FromResult<IReadOnlyList<Notice>>([notice]);
    }

    private static Notice SignedOff(Happened happened)
    {
        var signed = happened.Read<Signed>();
        return Notice(happened, $"{happened.ActorName} signed off {StageWords.Of(signed.Stage)} of {happened.SubjectName}", signed.Comment);
    }

    private static Notice Reopened(Happened happened)
    {
        var reopened = happened.Read<TakenBack>();
        return Notice(happened, $"{happened.ActorName} reopened {StageWords.Of(reopened.Stage)} of {happened.SubjectName}", reopened.Reason);
    }

    private static Notice Notice(Happened happened, string title, string? detail) =>
        new(Audience.Holding(ProjectsPermissions.EditBusiness), "signOff", title, detail, $"/projects/{happened.SubjectId}");

    private sealed record Signed(Stage Stage, string? Comment);

    private sealed record TakenBack(Stage Stage, string? Reason);
}
