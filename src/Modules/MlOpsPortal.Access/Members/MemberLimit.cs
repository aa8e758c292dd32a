using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access.Members;

/// <summary>Is there room for another member? Who is invited has a place already.</summary>
public sealed class MemberLimit(ITenantLimits limits)
{
    /// <returns>Null when there is.</returns>
    internal async Task<Conflict?> FindAsync(AccessDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if ((await limits.OfAsync(db.Tenant, cancellationToken)).Members is not { } most)
            return null;
        var there = await db.Memberships.CountAsync(cancellationToken) + await db.Invitations.CountAsync(row => row.State == InvitationState.Open && row.ExpiresAt > now, cancellationToken);
        return there < most ? null : new Conflict("access.member_limit", AccessErrors.Text(most));
    }
}
