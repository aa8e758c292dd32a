using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Platform.Http;

/// <summary>Exceptions that are the outside's doing: a body that cannot be read (400, 413, 415) and a database or blob store that is away (503).
/// Anything else is a bug and answered as 500 with the trace id only.</summary>
public sealed class BadRequests : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var refusal = Explain(exception);
        if (refusal is null || httpContext.Response.HasStarted)
            return false;
        await Problems.WriteAsync(httpContext, refusal);
        return true;
    }

    private static Refusal? Explain(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new Validation("body_too_large") { Kind = ValidationKind.TooLarge },
        BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => new Validation("body_wrong_type") { Kind = ValidationKind.WrongType },
        BadHttpRequestException { InnerException: JsonException json } => Unreadable(json),
        BadHttpRequestException => new Validation("request_unreadable"),
        JsonException json => Unreadable(json),
        Azure.RequestFailedException { Status: 0 or >= 500 } => new Unavailable("blobs_down"),
        _ when DatabaseAway.Is(exception) => new Unavailable("database_down"),
        _ => null,
    };

    private static Validation Unreadable(JsonException json) =>
        new("body_unreadable", json.Path ?? "$") { Fields = [new FieldFault(FieldName(json.Path), "field_unreadable")] };

    private static string FieldName(string? path) => path is null ? "$" : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;
}
