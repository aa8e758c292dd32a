using System.Collections.Immutable;
using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Access.Tenants;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access.SignIn;

/// <summary>A person who has shown who she is, and where she now is.</summary>
/// <param name="Tenant">Null when she is a member of none.</param>
public sealed record SignedIn(ClaimsPrincipal Principal, TenantSummary? Tenant);

/// <summary>Sign-in by password and the change from one tenant to another. The principals go into the cookie by <see cref="SignInAsync(HttpContext, SignedIn)"/>.</summary>
public sealed class SignInDesk(AccountDesk people, TenantDesk tenants, Accounts accounts, SignInThrottle throttle, SessionBook book)
{
    /// <param name="slug">Where the person wants to go, when the address says so and she is a member there; otherwise her first tenant by name.</param>
    public async Task<Result<SignedIn>> SignInAsync(string email, string password, string? slug, IPAddress? address, CancellationToken cancellationToken)
    {
        if (throttle.Take(address, email) is { } tooMany)
            return tooMany;
        var verified = await people.VerifyAsync(email, password, cancellationToken);
        return await verified.ThenAsync(account => EnterAsync(account, slug, cancellationToken));
    }

    /// <summary>The same person in another tenant; the cookie is issued anew, because it names exactly one.</summary>
    /// <returns>NotFound when she is no member there.</returns>
    public async Task<Result<SignedIn>> SwitchAsync(ClaimsPrincipal person, string slug, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(person.FindFirstValue(CallerClaims.User), "n", out var id))
            return new NotFound();
        await using var db = accounts.Open();
        var account = await db.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        var tenant = (await tenants.OfAsync(new UserId(id), cancellationToken)).FirstOrDefault(candidate => candidate.Slug == slug);
        return account is null || tenant is null ? new NotFound() : new SignedIn(Sessions.Begin(account, tenant), tenant);
    }

    /// <summary>Issues the browser's cookie.</summary>
    public async Task SignInAsync(HttpContext context, SignedIn who) =>
        await context.SignInAsync(AccessSchemes.Cookie, await book.OpenAsync(context, who.Principal, context.RequestAborted));

    public async Task SignOutAsync(HttpContext context)
    {
        if (SessionBook.IdOf(context.User) is { } session && Guid.TryParseExact(context.User.FindFirstValue(CallerClaims.User), "n", out var user))
            await book.EndAsync(new UserId(user), session, context.RequestAborted);
        await context.SignOutAsync(AccessSchemes.Cookie);
    }

    internal async Task<Result<SignedIn>> EnterAsync(Account account, string? slug, CancellationToken cancellationToken)
    {
        ImmutableArray<TenantSummary> places = await tenants.OfAsync(account.UserId, cancellationToken);
        var tenant = places.FirstOrDefault(place => place.Slug == slug) ?? places.FirstOrDefault();
        return new SignedIn(Sessions.Begin(account, tenant), tenant);
    }
}
