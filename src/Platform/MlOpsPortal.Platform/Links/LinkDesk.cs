using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Links;

/// <summary>Keeps long addresses under short ones, each tenant its own. A link gives nobody anything: it leads to the page, and the page asks who comes.
/// None expires by age, because it may stand in a report; of what one person has copied, the least used give way.</summary>
public sealed class LinkDesk(ITenantDb<PlatformDbContext> databases, TimeProvider time)
{
    /// <summary>Characters of an address.</summary>
    public const int LongestAddress = 16 * 1024;

    /// <summary>Of one person in one tenant.</summary>
    public const int MostLinks = 2_000;
    private const int CodeBytes = 12;
    private static readonly Uri Root = new("http://portal/t/x/");

    /// <summary>The code of an address; the same for the same address.</summary>
    /// <param name="caller">Whose tenant keeps it.</param>
    /// <param name="address">What follows <c>/t/{tenant}/</c>: "projects/…?runs=…".</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Result<string>> KeepAsync(Caller caller, string address, CancellationToken cancellationToken)
    {
        if (address.Length > LongestAddress)
            return new Validation("links.too_long", (LongestAddress / 1024).ToString(CultureInfo.InvariantCulture)) { Kind = ValidationKind.TooLarge };
        if (Below(address) is not { } below)
            return new Validation("links.elsewhere");
        var (code, now) = (Code(below), time.GetMicrosecondNow());
        await using var db = databases.Open(caller.Tenant);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO platform.short_links (tenant_id, code, address, user_id, made_at, used_at) VALUES ({caller.Tenant.Value}, {code}, {below}, {caller.User.Value}, {now}, {now})
            ON CONFLICT (tenant_id, code) DO UPDATE SET used_at = excluded.used_at
            """,
            cancellationToken);
        await db.ShortLinks.Where(link => link.UserId == caller.User).OrderByDescending(link => link.UsedAt).ThenBy(link => link.Code).Skip(MostLinks).ExecuteDeleteAsync(cancellationToken);
        return code;
    }

    /// <summary>The address that a code of the caller's tenant stands for.</summary>
    public async Task<Result<string>> FindAsync(Caller caller, string code, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        if (await db.ShortLinks.AsNoTracking().SingleOrDefaultAsync(link => link.Code == code, cancellationToken) is not { } found)
            return new NotFound();
        var now = time.GetMicrosecondNow();
        if (now - found.UsedAt > TimeSpan.FromDays(1))
            await db.ShortLinks.Where(link => link.Code == code).ExecuteUpdateAsync(link => link.SetProperty(row => row.UsedAt, now), cancellationToken);
        return found.Address;
    }

    /// <summary>The address as a browser would go to it; null when it leaves the tenant.</summary>
    private static string? Below(string address) =>
        Uri.TryCreate(Root, address, out var goes) && goes.GetLeftPart(UriPartial.Authority) == Root.GetLeftPart(UriPartial.Authority) && goes.PathAndQuery.StartsWith(Root.AbsolutePath, StringComparison.Ordinal)
            ? goes.PathAndQuery[Root.AbsolutePath.Length..]
            : null;

    private static string Code(string address) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(address)).AsSpan(0, CodeBytes));
}
