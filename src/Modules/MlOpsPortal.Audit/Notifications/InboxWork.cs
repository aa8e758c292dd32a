using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Platform.Work;

namespace MlOpsPortal.Audit.Notifications;

/// <summary>Mentions that one has not looked at wait.</summary>
internal sealed class InboxWork(InboxDesk inbox) : IWorkSource
{
    public async Task<IReadOnlyList<WorkItem>> WaitingAsync(Caller caller, CancellationToken cancellationToken)
    {
        var unread = await inbox.ListAsync(caller, unreadOnly: true, Comments.CommentRule.Kind, PageRequest.Of(WorkDesk.MostOfOneSource, null), cancellationToken);
        return [.. unread.Items.Select(mention => new WorkItem(WorkKind.Mention, mention.Title, mention.Detail, mention.Project, mention.Href, mention.At))];
    }
}
