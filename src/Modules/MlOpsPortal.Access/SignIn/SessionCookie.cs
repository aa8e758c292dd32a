using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;

namespace MlOpsPortal.Access.SignIn;

/// <summary>The browser's session: 12 hours since it was last used, checked against the person's standing on every request.</summary>
internal static class SessionCookie
{
    public const string Name = "mlops.session";

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie = new SecureUnlessLocal { Name = Name, HttpOnly = true, SameSite = SameSiteMode.Lax, IsEssential = true, SecurePolicy = CookieSecurePolicy.Always };
        options.ExpireTimeSpan = TimeSpan.FromHours(12);
        options.SlidingExpiration = true;
        options.LoginPath = "/sign-in";
        options.ReturnUrlParameter = "returnUrl";
        options.AccessDeniedPath = "/no-tenant";
        options.Events.OnValidatePrincipal = ValidateAsync;
        options.Events.OnRedirectToLogin = context => IsPage(context.Request) ? Redirect(context) : Unauthenticated.WriteAsync(context.HttpContext);
        options.Events.OnRedirectToAccessDenied = context =>
            IsPage(context.Request) ? Redirect(context) : Problems.WriteAsync(context.HttpContext, new Forbidden("access.no_tenant"));
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var sessions = context.HttpContext.RequestServices.GetRequiredService<Sessions>();
        if (await sessions.StandsAsync(context.Principal, context.HttpContext.RequestAborted))
            return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(AccessSchemes.Cookie);
    }

    /// <summary>Only a person's browser that asks for a page is sent to another one; programs get an answer.</summary>
    private static bool IsPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static Task Redirect(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }

    /// <summary>Over plain http the cookie goes to this very machine only.</summary>
    private sealed class SecureUnlessLocal : CookieBuilder
    {
        public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
        {
            var options = base.Build(context, expiresFrom);
            options.Secure = context.Request.IsHttps || !IsLocal(context.Request.Host.Host);
            return options;
        }

        private static bool IsLocal(string host) => host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }
}
