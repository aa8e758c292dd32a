using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Platform.Http;

/// <summary>Exceptions that are the outside's doing: a body that cannot be read (400, 413, 415) and a database or blob store that is away (503).
/// Anything else is a bug and answered as 500 with the trace id only.</summary>
public sealed class BadRequests(ILogger<BadRequests> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var refusal = Explain(exception);
        if (refusal is null || httpContext.Response.HasStarted)
            return false;
        if (refusal is Unavailable)
            log.LogWarning("Answered with {Code}, since {Kind}: {Message}", refusal.Code, exception.GetType().Name, exception.Causes().Last().Message);
        await Problems.WriteAsync(httpContext, refusal);
        return true;
    }

    private static Refusal? Explain(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new Validation("body_too_large") { Kind = ValidationKind.TooLarge },
        BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => new Validation("body_wrong_type") { Kind = ValidationKind.WrongType },
        BadHttpRequestException { InnerException: JsonException json } => BodyFaults.Of(json),
        BadHttpRequestException => new Validation("request_unreadable"),
        JsonException json => BodyFaults.Of(json),
        _ when BlobsAway.Is(exception) => new Unavailable("blobs_down"),
        _ when DatabaseAway.Is(exception) => new Unavailable("database_down"),
        LimitExceededException or SiloUnavailableException => new Unavailable("busy"),
        _ => null,
    };
}
