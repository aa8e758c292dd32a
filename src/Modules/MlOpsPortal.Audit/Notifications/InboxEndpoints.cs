using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Audit.Notifications;

/// <summary><c>/api/v1/inbox</c>: the caller's own.</summary>
internal static class InboxEndpoints
{
    public sealed record MailChoice(MailWish Mail);

    public static void MapInbox(this IEndpointRouteBuilder endpoints)
    {
        var inbox = endpoints.MapGroup("/api/v1/inbox").WithTags("Inbox");
        inbox.MapGet("", (Caller caller, InboxDesk desk, CancellationToken cancellationToken, bool unread = false, int? limit = null, string? cursor = null) =>
            desk.ListAsync(caller, unread, null, PageRequest.Of(limit, cursor), cancellationToken))
            .WithName("ListInbox").WithSummary("What you were told, newest first.");
        inbox.MapGet("unread", (Caller caller, InboxDesk desk, CancellationToken cancellationToken) => desk.UnreadAsync(caller, cancellationToken))
            .WithName("CountUnread").WithSummary("How much of it is unread; 100 stands for more.");
        inbox.MapPost("{id}/read", async (Caller caller, NotificationId id, InboxDesk desk, CancellationToken cancellationToken) =>
            await desk.ReadAsync(caller, id, cancellationToken) is { IsOk: false } refused ? refused.ToHttp() : TypedResults.NoContent())
            .Produces(StatusCodes.Status204NoContent).WithName("ReadNotification").WithSummary("Marks one as read.");
        inbox.MapPost("read-all", async (Caller caller, InboxDesk desk, CancellationToken cancellationToken) =>
        {
            await desk.ReadAllAsync(caller, cancellationToken);
            return TypedResults.NoContent();
        }).WithName("ReadInbox").WithSummary("Marks everything as read.");
        inbox.MapGet("settings", (Caller caller, InboxDesk desk, CancellationToken cancellationToken) => desk.SettingsAsync(caller, cancellationToken))
            .WithName("GetInboxSettings").WithSummary("What you want by e-mail, and whether the portal can send any.");
        inbox.MapPut("settings", async (Caller caller, MailChoice request, InboxDesk desk, CancellationToken cancellationToken) =>
            (await desk.SetMailAsync(caller, request.Mail, cancellationToken)).ToHttp())
            .Produces<InboxSettings>().WithName("SetInboxSettings").WithSummary("Says what you want by e-mail.");
    }
}
