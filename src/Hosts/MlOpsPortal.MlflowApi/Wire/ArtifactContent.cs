using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using MlOpsPortal.Tracking.Artifacts;

namespace MlOpsPortal.MlflowApi.Wire;

/// <summary>Streams a file, or the range of it that was asked for. Always as an attachment that no browser guesses at or runs, whatever somebody uploaded.</summary>
internal sealed class ArtifactContent(Artifact artifact) : IResult
{
    private const int CopySize = 1024 * 1024;
    private static readonly FileExtensionContentTypeProvider Types = new();

    /// <summary>What MLflow serves as plain text: its pages show them.</summary>
    private static readonly HashSet<string> Texts = new(StringComparer.OrdinalIgnoreCase)
    {
        ".txt", ".log", ".err", ".cfg", ".conf", ".cnf", ".cf", ".ini", ".properties", ".prop", ".hocon", ".toml", ".yaml", ".yml", ".xml", ".json", ".js", ".py", ".py3", ".csv", ".tsv",
        ".md", ".rst", ".ipynb",
    };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        WriteHeaders(response);
        if (request.Headers.IfNoneMatch.ToString() is { Length: > 0 } known && known.Contains(ETag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var (offset, count) = (0L, artifact.Length);
        if (Range(request) is { } range)
        {
            if (range.Count <= 0)
            {
                response.Headers.ContentRange = $"bytes */{Text(artifact.Length)}";
                response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                return;
            }

            (offset, count) = range;
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {Text(offset)}-{Text(offset + count - 1)}/{Text(artifact.Length)}";
        }

        response.ContentLength = count;
        if (count == 0)
            return;
        var whole = count == artifact.Length;
        await using var content = await httpContext.RequestServices.GetRequiredService<ArtifactDesk>().OpenAsync(artifact, offset, whole ? null : count, httpContext.RequestAborted);
        await content.CopyToAsync(response.Body, CopySize, httpContext.RequestAborted);
    }

    /// <summary>As MLflow guesses it, from the name.</summary>
    internal static string TypeOf(string name)
    {
        var dot = name.LastIndexOf('.');
        if (name is "MLmodel" or "MLproject" || (dot >= 0 && Texts.Contains(name[dot..])))
            return "text/plain; charset=utf-8";
        return Types.TryGetContentType(name, out var type) ? type : "application/octet-stream";
    }

    private string ETag => $"\"{artifact.Sha256}\"";

    private void WriteHeaders(HttpResponse response)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(artifact.Path.Name);
        response.ContentType = TypeOf(artifact.Path.Name);
        response.Headers.ContentDisposition = disposition.ToString();
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        response.Headers.AcceptRanges = "bytes";
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.ETag = ETag;
    }

    /// <returns>Null when the whole is wanted: no range, several, or one of another content. Count is 0 when it lies outside.</returns>
    private (long Offset, long Count)? Range(HttpRequest request)
    {
        if (request.Headers.Range.Count == 0 || !RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var header) || header.Unit != "bytes" || header.Ranges.Count != 1)
            return null;
        if (request.Headers.IfRange.ToString() is { Length: > 0 } same && same != ETag)
            return null;
        var range = header.Ranges.Single();
        if (range.From is not { } from)
        {
            var last = Math.Min(range.To ?? 0, artifact.Length);
            return (artifact.Length - last, last);
        }

        return (from, Math.Min(range.To ?? long.MaxValue - 1, artifact.Length - 1) - from + 1);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
