using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Notifications;
using MlOpsPortal.Registry.Data;

namespace MlOpsPortal.Registry.Everyone;

/// <summary>Who may decide hears of a request; who asked hears of the decision.</summary>
internal sealed class MoveRule(ITenantDb<RegistryDbContext> databases) : INotificationRule
{
    private const string Requested = "registered_model.move_requested", Approved = "registered_model.move_approved", Rejected = "registered_model.move_rejected";

    public IReadOnlyCollection<string> EventTypes { get; } = [Requested, Approved, Rejected];

    public async Task<IReadOnlyList<Notice>> TellAsync(Happened happened, CancellationToken cancellationToken)
    {
        if (happened.Type == Requested)
        {
            var asked = happened.Read<MoveRequested>();
            return [new Notice(Audience.Holding(RegistryPermissions.Decide), "approval", $"{happened.ActorName} asks for {asked.What}", null, Href(asked.Request))];
        }

        var (id, what, comment) = happened.Type == Approved
            ? happened.Read<MoveApproved>() is var approved ? (approved.Request, approved.What, approved.Comment) : default
            : happened.Read<MoveRejected>() is var rejected ? (rejected.Request, rejected.What, rejected.Comment) : default;
        await using var db = databases.Open(happened.Tenant);
        var asker = await db.Requests.AsNoTracking().Where(row => row.Id == id).Select(row => (Platform.Ids.UserId?)row.AskedById).SingleOrDefaultAsync(cancellationToken);
        if (asker is not { } person)
            return [];
        var verb = happened.Type == Approved ? "approved" : "rejected";
        return [new Notice(Audience.Of(person), "decision", $"{happened.ActorName} {verb} {what}", comment.Length == 0 ? null : comment, Href(id))];
    }

    private static string Href(MoveRequestId id) => $"/registry/requests/{id}";
}
