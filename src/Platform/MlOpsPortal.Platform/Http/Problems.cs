using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Platform.Http;

/// <summary>The one way from a result to HTTP: 2xx with the value, or problem+json with the refusal's code, sentence and trace id.</summary>
public static class Problems
{
    public static int Status(Refusal refusal) => refusal switch
    {
        Validation { Kind: ValidationKind.Input } => StatusCodes.Status400BadRequest,
        Validation { Kind: ValidationKind.TooLarge } => StatusCodes.Status413PayloadTooLarge,
        Validation { Kind: ValidationKind.WrongType } => StatusCodes.Status415UnsupportedMediaType,
        Validation { Kind: ValidationKind.Unprocessable } => StatusCodes.Status422UnprocessableEntity,
        NotFound => StatusCodes.Status404NotFound,
        Conflict => StatusCodes.Status409Conflict,
        Forbidden => StatusCodes.Status403Forbidden,
        Unavailable { Kind: UnavailableKind.Down } => StatusCodes.Status503ServiceUnavailable,
        Unavailable { Kind: UnavailableKind.TooMany } => StatusCodes.Status429TooManyRequests,
        Unavailable { Kind: UnavailableKind.TooSlow } => StatusCodes.Status504GatewayTimeout,
        Unavailable { Kind: UnavailableKind.NoRoom } => StatusCodes.Status507InsufficientStorage,
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.GetType().Name, "A kind of refusal without a status."),
    };

    public static IResult ToHttp<T>(this Result<T> result) => result.IsOk ? TypedResults.Ok(result.Value) : new ProblemResult(result.Refusal);

    /// <summary>200 with the value; the version goes out as ETag, to come back as If-Match.</summary>
    public static IResult ToHttp<TState, TView>(this Result<Versioned<TState>> result, Func<Versioned<TState>, TView> view)
        where TState : class => result.IsOk ? new VersionedResult<TView>(view(result.Value), result.Value.Version, null) : new ProblemResult(result.Refusal);

    /// <summary>201 with the value and where it now lives.</summary>
    public static IResult ToCreated<TState, TView>(this Result<Versioned<TState>> result, Func<Versioned<TState>, TView> view, Func<TState, string> location)
        where TState : class =>
        result.IsOk ? new VersionedResult<TView>(view(result.Value), result.Value.Version, location(result.Value.State)) : new ProblemResult(result.Refusal);

    /// <summary>201 with the value and where it now lives.</summary>
    public static IResult ToCreated<T>(this Result<T> result, Func<T, string> location) =>
        result.IsOk ? TypedResults.Created(location(result.Value), result.Value) : new ProblemResult(result.Refusal);

    public static ProblemDetails Describe(Refusal refusal, RefusalTexts texts, string traceId)
    {
        var status = Status(refusal);
        var problem = new ProblemDetails
        {
            Type = "about:blank",
            Title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
            Status = status,
            Detail = texts.Sentence(refusal),
            Extensions = { ["code"] = refusal.Code, ["traceId"] = traceId },
        };
        if (refusal is Validation { Fields: { IsDefaultOrEmpty: false } fields })
            problem.Extensions["errors"] = fields.Select(fault => new FieldProblem(fault.Field, fault.Code, texts.Sentence(fault))).ToArray();
        return problem;
    }

    private sealed record FieldProblem(string Field, string Code, string Detail);

    private sealed class ProblemResult(Refusal refusal) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, refusal);
    }

    /// <summary>Answers a request with a refusal; also used where no endpoint was reached.</summary>
    public static Task WriteAsync(HttpContext context, Refusal refusal)
    {
        if (context.Features.Get<IRefusalWriter>() is { } other)
            return other.WriteAsync(context, refusal);
        var traceId = TraceIds.Of(context);
        if (refusal is Unavailable unavailable)
            context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(unavailable.RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var problem = TypedResults.Problem(Describe(refusal, context.RequestServices.GetRequiredService<RefusalTexts>(), traceId));
        return problem.ExecuteAsync(context);
    }

    private sealed class VersionedResult<TView>(TView view, long version, string? location) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.ETag = $"\"{version.ToString(CultureInfo.InvariantCulture)}\"";
            return location is null ? TypedResults.Ok(view).ExecuteAsync(httpContext) : TypedResults.Created(location, view).ExecuteAsync(httpContext);
        }
    }
}
