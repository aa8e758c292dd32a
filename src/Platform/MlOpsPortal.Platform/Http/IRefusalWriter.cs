using Microsoft.AspNetCore.Http;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Platform.Http;

/// <summary>Says refusals in another vocabulary than problem+json. A request that came in such a language carries it as a feature, and whoever refuses
/// it (an endpoint, sign-in, a limit) is understood.</summary>
public interface IRefusalWriter
{
    Task WriteAsync(HttpContext context, Refusal refusal);

    /// <summary>401: the one answer that is no use case's refusal.</summary>
    Task WriteUnauthenticatedAsync(HttpContext context, string sentence);
}
