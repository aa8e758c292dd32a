using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Blobs;

/// <summary>How much a tenant's files may still grow. Looked at before a file comes in; files that come at the same moment may together pass the limit, by no more than they hold.</summary>
public sealed class StorageRoom(ITenantLimits limits)
{
    /// <returns>Bytes that are left, never less than 0; null without a limit.</returns>
    /// <param name="announced">Bytes that others have announced and not yet sent.</param>
    public async Task<long?> LeftAsync(TenantDbContext db, long announced, CancellationToken cancellationToken)
    {
        if ((await limits.OfAsync(db.Tenant, cancellationToken)).Storage is not { } most)
            return null;
        var taken = await db.Blobs.SumAsync(blob => blob.Length, cancellationToken);
        return Math.Max(0, most - taken - announced);
    }

    public async Task<Unavailable> FullAsync(TenantDbContext db, CancellationToken cancellationToken) =>
        new("limits.storage", (((await limits.OfAsync(db.Tenant, cancellationToken)).Storage ?? 0) / (1024 * 1024)).ToString(CultureInfo.CurrentCulture)) { Kind = UnavailableKind.NoRoom, RetryAfter = TimeSpan.FromHours(1) };
}
