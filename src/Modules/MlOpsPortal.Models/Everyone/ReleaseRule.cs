using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Data;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Notifications;

namespace MlOpsPortal.Models.Everyone;

/// <summary>Who may decide hears of a request; who asked hears of the decision, and so do those who can act on it.</summary>
internal sealed class ReleaseRule(ITenantDb<ModelsDbContext> databases, AggregateDefinition<ReleaseRow, ReleaseRequest> definition) : INotificationRule
{
    private const string Requested = "release.requested", Approved = "release.approved", Rejected = "release.rejected";

    public IReadOnlyCollection<string> EventTypes { get; } = [Requested, Approved, Rejected];

    public async Task<IReadOnlyList<Notice>> TellAsync(Happened happened, CancellationToken cancellationToken)
    {
        if (!ReleaseRequestId.TryParse(happened.SubjectId, null, out var id) || await FindAsync(happened, id, cancellationToken) is not { } request)
            return [];
        var href = $"/projects/{request.Project}/releases/{request.Id}";
        var what = happened.SubjectName;
        return happened.Type switch
        {
            Requested => [new Notice(Audience.Holding(ModelsPermissions.DecideRelease), "approval", $"{happened.ActorName} asks to release {what}", request.Reason, href)],
            Approved =>
            [
                new Notice(Audience.Of(request.RequestedBy.Id), "decision", $"{happened.ActorName} approved {what}", request.Decision?.Comment, href),
                new Notice(Audience.Holding(ModelsPermissions.RequestRelease), "decision", $"{what} may be released now", request.Decision?.Comment, href) { Mail = false },
            ],
            Rejected => [new Notice(Audience.Of(request.RequestedBy.Id), "decision", $"{happened.ActorName} rejected {what}", request.Decision?.Comment, href)],
            _ => [],
        };
    }

    private async Task<ReleaseRequest?> FindAsync(Happened happened, ReleaseRequestId id, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(happened.Tenant);
        var document = await db.Releases.AsNoTracking().Where(row => row.Id == id.Value).Select(row => row.Document).SingleOrDefaultAsync(cancellationToken);
        return document is null ? null : definition.Read(document);
    }
}
