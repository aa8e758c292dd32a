using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.MlflowApi.Wire;

/// <summary>Maps operations. One handler serves <c>/api/2.0/mlflow/…</c>, its alias <c>/ajax-api/…</c>, and both below a tenant's prefix (<see cref="MlflowAddress"/>).
/// An operation is three plain functions: read the fields, do it, write the answer.</summary>
/// <param name="tokenOnly">Who has a token. Cookies open none of this.</param>
internal sealed class MlflowRoutes(IEndpointRouteBuilder endpoints, AuthorizationPolicy tokenOnly)
{
    /// <summary>Below <c>/api/2.0/mlflow</c>.</summary>
    public const string Api = "/api/2.0/mlflow/";

    public const string Api3 = "/api/3.0/mlflow/";

    public const string Artifacts = "/api/2.0/mlflow-artifacts/";

    /// <param name="write">Writes the fields of the answer's object.</param>
    public void Map<TRequest, T>(
        string method, string path, Func<MlflowFields, TRequest> read, Func<MlflowCall, TRequest, Task<Result<T>>> act, Action<Utf8JsonWriter, T>? write = null) =>
        MapRaw(method, Api + path, async call =>
        {
            var fields = await call.ReadAsync();
            if (!fields.IsOk)
                return MlflowAnswer.Refused(fields.Refusal);
            var request = read(fields.Value);
            return fields.Value.Fault is { } fault ? MlflowAnswer.Refused(fault) : MlflowAnswer.Of(await act(call, request), write);
        });

    /// <summary>An operation that reads its body, or writes its answer, in a way of its own.</summary>
    /// <param name="pattern">The whole route.</param>
    public void MapRaw(string method, string pattern, Func<MlflowCall, Task<IResult>> act) =>
        endpoints.MapMethods(pattern, [method], (RequestDelegate)(context => RunAsync(context, act))).RequireAuthorization(tokenOnly);

    /// <summary>An operation that asks for no token, because the address itself proves that its bearer may; <paramref name="act"/> must see to that.</summary>
    public void MapOpen(string method, string pattern, Func<HttpContext, Task<IResult>> act) =>
        endpoints.MapMethods(pattern, [method], (RequestDelegate)(async context => await (await act(context)).ExecuteAsync(context))).AllowAnonymous();

    private static async Task RunAsync(HttpContext context, Func<MlflowCall, Task<IResult>> act)
    {
        var caller = await Caller.BindAsync(context);
        var slug = context.Features.Get<MlflowAddress.Came>()?.Slug;
        if (caller is null || (slug is not null && context.User.FindFirst(CallerClaims.TenantSlug)?.Value != slug))
        {
            await MlflowErrors.WriteAsync(context, StatusCodes.Status404NotFound, MlflowErrors.EndpointNotFound, "The address names another tenant than the token.");
            return;
        }

        await (await act(new MlflowCall(context, caller))).ExecuteAsync(context);
    }
}

/// <summary>Answers: always 200 with an object, or a refusal.</summary>
internal static class MlflowAnswer
{
    public static IResult Of<T>(Result<T> result, Action<Utf8JsonWriter, T>? write = null) =>
        result.IsOk ? new Written(json => write?.Invoke(json, result.Value)) : Refused(result.Refusal);

    public static IResult Of(Action<Utf8JsonWriter> write) => new Written(write);

    public static IResult Empty { get; } = new Written(_ => { });

    public static IResult Refused(Refusal refusal) => new Refusing(refusal);

    private sealed class Written(Action<Utf8JsonWriter> write) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => MlflowJson.WriteAsync(httpContext, write);
    }

    private sealed class Refusing(Refusal refusal) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Platform.Http.Problems.WriteAsync(httpContext, refusal);
    }
}
