using Microsoft.AspNetCore.Http;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;

namespace MlOpsPortal.Access.SignIn;

/// <summary>What changes something, and every web socket, must come from our own pages when a cookie could speak for it. Requests with an
/// Authorization header are a program's own and pass: no foreign page can add that header.</summary>
internal sealed class SameOrigin(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        IsSafe(context.Request) ? next(context) : Problems.WriteAsync(context, new Forbidden("access.foreign_origin"));

    internal static bool IsSafe(HttpRequest request)
    {
        if (request.Headers.Authorization.Count > 0 || (IsReading(request.Method) && !IsWebSocket(request)))
            return true;
        if (request.Headers.TryGetValue("Origin", out var origin))
            return Uri.TryCreate(origin, UriKind.Absolute, out var from) && string.Equals(from.Authority, Authority(request), StringComparison.OrdinalIgnoreCase);
        if (request.Headers.TryGetValue("Sec-Fetch-Site", out var site))
            return site == "same-origin";
        return !request.Cookies.ContainsKey(SessionCookie.Name);
    }

    private static bool IsReading(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static bool IsWebSocket(HttpRequest request) => request.HttpContext.WebSockets.IsWebSocketRequest || request.Headers.Upgrade == "websocket";

    /// <summary>Host and port as Uri writes them: without the scheme's own port.</summary>
    private static string Authority(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var own) ? own.Authority : "";
}
