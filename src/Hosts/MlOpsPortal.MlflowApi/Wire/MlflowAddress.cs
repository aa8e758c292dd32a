using Microsoft.AspNetCore.Http;

namespace MlOpsPortal.MlflowApi.Wire;

/// <summary>Notes which requests speak MLflow's language, and takes from their addresses what only says how they came: the tenant's prefix
/// <c>/t/{slug}</c>, and <c>/ajax-api</c> for <c>/api</c>. In front of routing, so that each operation is one route.</summary>
internal sealed class MlflowAddress(RequestDelegate next, MlflowErrors errors)
{
    private const string TenantPrefix = "/t/";
    private static readonly PathString Ajax = new("/ajax-api");
    private static readonly PathString[] Roots = ["/api/2.0", "/api/3.0", "/ajax-api/2.0", "/ajax-api/3.0"];
    private static readonly string[] Plain = ["/health", "/version", "/get-artifact", "/model-versions/get-artifact"];

    /// <summary>As it came: <see cref="Microsoft.AspNetCore.Http.Features.IHttpRequestFeature.RawTarget"/> still begins with it.</summary>
    /// <param name="Slug">The tenant that the address names; null when it names none.</param>
    internal sealed record Came(string? Slug);

    public Task InvokeAsync(HttpContext context)
    {
        ArtifactTarget.Straighten(context);
        var (slug, path) = Split(context.Request.Path);
        if (!IsOurs(path))
            return next(context);
        context.Request.Path = path.StartsWithSegments(Ajax, StringComparison.Ordinal, out var rest) ? new PathString("/api" + rest.Value) : path;
        context.Features.Set(new Came(slug));
        context.Features.Set<Platform.Http.IRefusalWriter>(errors);
        return next(context);
    }

    public static bool Is(HttpContext context) => context.Features.Get<Came>() is not null;

    private static bool IsOurs(PathString path) =>
        Array.Exists(Roots, root => path.StartsWithSegments(root, StringComparison.Ordinal)) || Array.Exists(Plain, plain => path.Value == plain);

    private static (string? Slug, PathString Path) Split(PathString path)
    {
        var text = path.Value ?? "";
        if (!text.StartsWith(TenantPrefix, StringComparison.Ordinal))
            return (null, path);
        var end = text.IndexOf('/', TenantPrefix.Length);
        return end < 0 ? (null, path) : (text[TenantPrefix.Length..end], new PathString(text[end..]));
    }
}
