using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Access.Roles;
using MlOpsPortal.Access.Tenants;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access.SignIn;

/// <summary>The caller about herself.</summary>
/// <param name="Roles">In the tenant, as far as a token does not narrow them.</param>
/// <param name="Tenants">Where else she could work.</param>
public sealed record MeView(Platform.Ids.UserId User, string Name, TenantSummary Tenant, ImmutableArray<Role> Roles, ImmutableArray<TenantSummary> Tenants);

/// <summary><c>/api/v1/me</c>, and the two forms that end or change a session.</summary>
internal static class SessionEndpoints
{
    public static void MapSessionEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/me", MeAsync).WithTags("Members").Produces<MeView>().WithName("Me").WithSummary("Who the token or session speaks for.");
        endpoints.MapGet("/me", (HttpContext context) => Results.LocalRedirect($"/t/{context.User.FindFirst(AccessClaims.Slug)?.Value}/me")).ExcludeFromDescription();
        endpoints.MapPost("/sign-out", async (HttpContext context, [FromForm] string? returnUrl, SignInDesk desk) =>
        {
            await desk.SignOutAsync(context);
            return Results.LocalRedirect(LocalUrl.Of(returnUrl) ?? "/sign-in");
        }).AllowAnonymous().ExcludeFromDescription();
        endpoints.MapPost("/switch-tenant", async (HttpContext context, [FromForm] string slug, [FromForm] string? returnUrl, SignInDesk desk, CancellationToken cancellationToken) =>
        {
            var entered = await desk.SwitchAsync(context.User, slug, cancellationToken);
            if (!entered.IsOk)
                return entered.ToHttp();
            await desk.SignInAsync(context, entered.Value);
            return Results.LocalRedirect(LocalUrl.Of(returnUrl) ?? $"/t/{Uri.EscapeDataString(entered.Value.Tenant?.Slug ?? "")}");
        }).RequireAuthorization(policy => policy.RequireAuthenticatedUser()).ExcludeFromDescription();
    }

    private static async Task<IResult> MeAsync(Caller caller, Standings standings, TenantDesk desk, CancellationToken cancellationToken)
    {
        var standing = await standings.GetAsync(caller.Tenant, caller.User, cancellationToken);
        var tenants = await desk.OfAsync(caller.User, cancellationToken);
        Result<MeView> me = standing?.Suspended is { } suspended ? suspended.Refusal
            : standing is not null && tenants.FirstOrDefault(tenant => tenant.Id == caller.Tenant) is { } here
            ? new MeView(caller.User, caller.Name, here, [.. standing.InTenant(caller.OnlyRoles).Order()], caller.OnlyRoles is null ? tenants : [here])
            : new NotFound();
        return me.ToHttp();
    }
}

/// <summary>Addresses to go back to: our own pages only.</summary>
public static class LocalUrl
{
    /// <returns>The address when it is a path of this portal, else null.</returns>
    public static string? Of(string? url) =>
        url is ['/', ..] && url is not (['/', '/' or '\\', ..]) && !url.Any(character => char.IsControl(character) || character == '\\') ? url : null;

    /// <returns>The tenant's slug of <c>/t/{slug}/…</c>, or null.</returns>
    public static string? Tenant(string? url) => Of(url)?.Split('/', '?', '#') is ["", "t", { Length: > 0 } slug, ..] ? slug : null;
}
