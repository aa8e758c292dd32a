using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace MlOpsPortal.Platform.Http;

/// <summary>The one id under which a request stands in answers, audit and logs: the W3C trace id.</summary>
public static class TraceIds
{
    public static string Of(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
}
