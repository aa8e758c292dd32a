using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace MlOpsPortal.Platform.Http;

/// <summary>The version that a client has seen, from <c>If-Match: "7"</c>. Without the header whatever is there is changed;
/// a text that is no version matches none.</summary>
public sealed record IfMatch(long? Version)
{
    public static ValueTask<IfMatch?> BindAsync(HttpContext context)
    {
        var header = context.Request.Headers.IfMatch.ToString();
        if (header is "" or "*")
            return ValueTask.FromResult<IfMatch?>(new IfMatch((long?)null));
        return ValueTask.FromResult<IfMatch?>(new IfMatch(long.TryParse(header.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1));
    }
}
