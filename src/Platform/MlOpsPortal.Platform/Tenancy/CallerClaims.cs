using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Idempotency;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Platform.Tenancy;

/// <summary>The claims that sign-in and tokens carry.</summary>
public static class CallerClaims
{
    public const string Tenant = "mlops:tenant";

    /// <summary>The tenant's word in addresses; tokens carry it.</summary>
    public const string TenantSlug = "mlops:tenant_slug";
    public const string User = ClaimTypes.NameIdentifier;
    public const string Name = ClaimTypes.Name;

    /// <summary>The roles that a token is narrowed to, by name, with commas; absent when it is not.</summary>
    public const string OnlyRoles = "mlops:only_roles";
}

public sealed partial record Caller
{
    /// <summary>The caller behind a signed-in principal.</summary>
    /// <returns>Null without a tenant: not signed in, or signed in without a membership.</returns>
    public static Caller? From(ClaimsPrincipal? principal) =>
        principal?.FindFirstValue(CallerClaims.Tenant) is { } tenant && principal.FindFirstValue(CallerClaims.User) is { } user
            ? new Caller(new TenantId(Guid.ParseExact(tenant, "n")), new UserId(Guid.ParseExact(user, "n")), principal.FindFirstValue(CallerClaims.Name) ?? "")
            {
                OnlyRoles = principal.FindFirstValue(CallerClaims.OnlyRoles) is { } only ? [.. only.Split(',').Select(Enum.Parse<Role>)] : null,
            }
            : null;

    /// <summary>Binds the caller of a request to an endpoint's parameter. Endpoints require a caller by policy, so it is there.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context)
    {
        var caller = From(context.User);
        return ValueTask.FromResult(caller is null ? null : caller with
        {
            Idempotency = context.Features.Get<IdempotencyKey>(),
            TraceId = TraceIds.Of(context),
        });
    }
}
