using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;

namespace MlOpsPortal.MlflowApi.Wire;

/// <summary>The one way from a refusal to MLflow's <c>{"error_code", "message"}</c>. Its clients read the code and repeat 408, 429 and 5xx for minutes,
/// so that a caller's mistake is never one of these.</summary>
internal sealed class MlflowErrors : IRefusalWriter
{
    public const string EndpointNotFound = "ENDPOINT_NOT_FOUND";
    private const string InvalidParameter = "INVALID_PARAMETER_VALUE";

    public static (int Status, string Code) Describe(Refusal refusal) => refusal switch
    {
        Validation { Kind: ValidationKind.TooLarge } => (StatusCodes.Status413PayloadTooLarge, InvalidParameter),
        Validation => (StatusCodes.Status400BadRequest, InvalidParameter),
        NotFound => (StatusCodes.Status404NotFound, "RESOURCE_DOES_NOT_EXIST"),
        Conflict conflict when IsTaken(conflict.Code) => (StatusCodes.Status400BadRequest, "RESOURCE_ALREADY_EXISTS"),
        Conflict => (StatusCodes.Status409Conflict, "RESOURCE_CONFLICT"),
        Forbidden => (StatusCodes.Status403Forbidden, "PERMISSION_DENIED"),
        Unavailable { Kind: UnavailableKind.Down } => (StatusCodes.Status503ServiceUnavailable, "TEMPORARILY_UNAVAILABLE"),
        Unavailable { Kind: UnavailableKind.TooMany } => (StatusCodes.Status429TooManyRequests, "REQUEST_LIMIT_EXCEEDED"),
        Unavailable { Kind: UnavailableKind.TooSlow } => (StatusCodes.Status504GatewayTimeout, "DEADLINE_EXCEEDED"),
        Unavailable { Kind: UnavailableKind.NoRoom } => (StatusCodes.Status507InsufficientStorage, "RESOURCE_EXHAUSTED"),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.GetType().Name, "A kind of refusal without a code."),
    };

    public Task WriteAsync(HttpContext context, Refusal refusal)
    {
        if (refusal is Unavailable unavailable)
            context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(unavailable.RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var (status, code) = Describe(refusal);
        return WriteAsync(context, status, code, Message(context, refusal));
    }

    public Task WriteUnauthenticatedAsync(HttpContext context, string sentence) => WriteAsync(context, StatusCodes.Status401Unauthorized, "UNAUTHENTICATED", sentence);

    /// <summary>What no endpoint answered.</summary>
    public static Task WriteStatusAsync(StatusCodeContext context)
    {
        var request = context.HttpContext.Request;
        return context.HttpContext.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => WriteAsync(context.HttpContext, StatusCodes.Status404NotFound, EndpointNotFound, $"No endpoint serves {request.Method} {request.Path}."),
            StatusCodes.Status405MethodNotAllowed => WriteAsync(context.HttpContext, StatusCodes.Status405MethodNotAllowed, "BAD_REQUEST", $"{request.Path} does not take {request.Method}."),
            _ => Task.CompletedTask,
        };
    }

    public static Task WriteAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        return MlflowJson.WriteAsync(context, json =>
        {
            json.WriteString("error_code", code);
            json.WriteString("message", message);
        });
    }

    private static string Message(HttpContext context, Refusal refusal)
    {
        var texts = context.RequestServices.GetRequiredService<RefusalTexts>();
        return refusal is Validation { Fields: { IsDefaultOrEmpty: false } fields }
            ? string.Join(' ', fields.Select(fault => $"'{fault.Field}': {texts.Sentence(fault)}"))
            : texts.Sentence(refusal);
    }

    private static bool IsTaken(string code) => code.EndsWith("name_taken", StringComparison.Ordinal) || code.EndsWith("already_exists", StringComparison.Ordinal);
}

/// <summary>A bug, told to MLflow's clients in their words.</summary>
internal sealed class MlflowFaults : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!MlflowAddress.Is(httpContext) || httpContext.Response.HasStarted)
            return false;
        await MlflowErrors.WriteAsync(httpContext, StatusCodes.Status500InternalServerError, "INTERNAL_ERROR", $"The portal failed; trace {TraceIds.Of(httpContext)}.");
        return true;
    }
}
