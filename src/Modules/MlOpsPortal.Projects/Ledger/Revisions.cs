using System.Globalization;
using Microsoft.AspNetCore.Http;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;

namespace MlOpsPortal.Projects.Ledger;

/// <summary>The revision of a date as HTTP carries it: out as ETag, back as If-Match.</summary>
internal static class Revisions
{
    public static int? Revision(this IfMatch match) => match.Version is { } version ? (int)Math.Clamp(version, -1, int.MaxValue) : null;

    public static Result<T> WithRevision<T>(this Result<T> result, HttpContext context, Func<T, int> revision)
    {
        if (result.IsOk)
            context.Response.Headers.ETag = $"\"{revision(result.Value).ToString(CultureInfo.InvariantCulture)}\"";
        return result;
    }
}
