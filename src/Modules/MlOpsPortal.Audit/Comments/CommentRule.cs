using System.Collections.Immutable;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Notifications;

namespace MlOpsPortal.Audit.Comments;

/// <summary>Who is named in a comment is told, as far as she sees what it is about.</summary>
internal sealed class CommentRule : INotificationRule
{
    public const string Kind = "mention";
    private const int Excerpt = 200;

    public IReadOnlyCollection<string> EventTypes { get; } = ["comment.posted", "comment.edited"];

    public Task<IReadOnlyList<Notice>> TellAsync(Happened happened, CancellationToken cancellationToken)
    {
        var said = happened.Read<Said>();
        IReadOnlyList<Notice> notices = said.Mentions.IsDefaultOrEmpty
            ? []
            : [new Notice(Audience.Of(said.Mentions), Kind, $"{happened.ActorName} mentioned you on {happened.SubjectName}", Cut(said.Text), said.Href)];
        return Task.FromResult(notices);
    }

    private static string Cut(string text) => text.Length > Excerpt ? text[..Excerpt] + "…" : text;

    private sealed record Said(string Text, ImmutableArray<UserId> Mentions, string Href);
}
