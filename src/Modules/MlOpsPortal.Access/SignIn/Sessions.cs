using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Access.Roles;
using MlOpsPortal.Access.Tenants;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access.SignIn;

/// <summary>What a browser's cookie says: who, and in which one tenant. Asked again on every request and, on a circuit, every few seconds.</summary>
internal sealed class Sessions(Standings standings, SessionBook book, Accounts accounts)
{
    private const string Stamp = "mlops:stamp";

    /// <param name="tenant">Null for a person who is a member of none: she is told so and can do nothing else.</param>
    public static ClaimsPrincipal Begin(Account account, TenantSummary? tenant)
    {
        List<Claim> claims =
        [
            new(CallerClaims.User, account.UserId.ToString()),
            new(CallerClaims.Name, account.Name),
            new(ClaimTypes.Email, account.Email ?? ""),
            new(Stamp, account.SecurityStamp ?? ""),
        ];
        if (account.IsOperator)
            claims.Add(new(AccessClaims.Operator, "true"));
        if (tenant is not null)
            claims.AddRange([new(CallerClaims.Tenant, tenant.Id.ToString()), new(AccessClaims.Slug, tenant.Slug), new(AccessClaims.TenantName, tenant.Name)]);
        return new ClaimsPrincipal(new ClaimsIdentity(claims, AccessSchemes.Cookie));
    }

    /// <summary>Is the session not ended, the person still a member, not disabled, the tenant active and the password the same?</summary>
    public async Task<bool> StandsAsync(ClaimsPrincipal? principal, CancellationToken cancellationToken)
    {
        if (principal?.FindFirstValue(Stamp) is not { Length: > 0 } stamp || SessionBook.IdOf(principal) is not { } session)
            return false;
        if (await book.FindAsync(session, cancellationToken) is not { } known || known.Account.ToString("n") != principal.FindFirstValue(CallerClaims.User))
            return false;
        if (Caller.From(principal) is { } caller)
            return await StandsAsync(caller, stamp, cancellationToken);
        await using var db = accounts.Open();
        return await db.Users.AnyAsync(account => account.Id == known.Account && account.SecurityStamp == stamp, cancellationToken);
    }

    /// <summary>What is remembered may be of a moment before she chose a new password or her tenant was let in again: nobody is sent away without a look.</summary>
    private async Task<bool> StandsAsync(Caller caller, string stamp, CancellationToken cancellationToken)
    {
        var remembered = await standings.GetAsync(caller.Tenant, caller.User, cancellationToken);
        if (remembered is null || IsGood(remembered))
            return remembered is not null;
        standings.Forget(caller.Tenant, caller.User);
        return IsGood(await standings.GetAsync(caller.Tenant, caller.User, cancellationToken));

        bool IsGood(Standing? standing) => standing is { Suspended: null } && standing.Stamp == stamp;
    }
}

/// <summary>What the cookie says besides the caller, for the frame around the pages.</summary>
public static class AccessClaims
{
    public const string Slug = "mlops:slug";
    public const string TenantName = "mlops:tenant_name";

    /// <summary>There for who keeps the tenants; each use case of theirs asks the database again.</summary>
    public const string Operator = "mlops:operator";

    internal const string Session = "mlops:session";
}
