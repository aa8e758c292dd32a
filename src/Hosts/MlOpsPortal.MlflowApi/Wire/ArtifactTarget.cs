using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MlOpsPortal.MlflowApi.Wire;

/// <summary>The part of an address that is an artifact's path, as it came over the wire: Kestrel decodes and shortens paths before routing sees them (but not <c>%2F</c>), and a path
/// must be decoded exactly once, by who reads it.</summary>
internal static class ArtifactTarget
{
    private static readonly string[] Markers = ["artifacts/", "mpu/create/", "mpu/complete/", "mpu/abort/", "presigned/"];
    private const string Root = "/mlflow-artifacts/";

    /// <returns>Everything behind the operation, still encoded; null when the address was written in a way that hides where that is.</returns>
    public static string? After(HttpContext context, string operation)
    {
        var path = RawPath(context);
        var marker = $"{Root}{operation}/";
        var at = path.IndexOf(marker, StringComparison.OrdinalIgnoreCase);
        if (at >= 0)
            return path[(at + marker.Length)..];
        return path.EndsWith(marker[..^1], StringComparison.OrdinalIgnoreCase) ? "" : null;
    }

    /// <summary>A path with <c>..</c> in it would be routed to where it leads. It must reach the operation that it was written for, to be refused there like any bad path.</summary>
    public static void Straighten(HttpContext context)
    {
        var raw = RawPath(context);
        var root = raw.IndexOf(Root, StringComparison.OrdinalIgnoreCase);
        if (root < 0 || root > 200)
            return;
        foreach (var marker in Markers)
        {
            var end = root + Root.Length + marker.Length;
            if (string.Compare(raw, root + Root.Length, marker, 0, marker.Length, StringComparison.OrdinalIgnoreCase) != 0 || raw[..end].AsSpan().IndexOfAny('%', '\\') >= 0)
                continue;
            if (context.Request.Path.Value?.StartsWith(raw[..end], StringComparison.OrdinalIgnoreCase) != true)
                context.Request.Path = new PathString(raw[..end] + "-");
            return;
        }
    }

    private static string RawPath(HttpContext context)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (!raw.StartsWith('/') && raw.IndexOf("://", StringComparison.Ordinal) is var scheme and > 0)
            raw = raw.IndexOf('/', scheme + 3) is var slash and >= 0 ? raw[slash..] : "/"; // a proxy may write the whole URL
        var query = raw.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? raw : raw[..query];
    }
}
