using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;

namespace MlOpsPortal.Access.SignIn;

/// <summary>401 as problem+json: the one refusal that no use case gives, because none was reached.</summary>
internal static class Unauthenticated
{
    private const string Code = "unauthenticated";

    public static Task WriteAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        var sentence = context.RequestServices.GetRequiredService<RefusalTexts>().Sentence(Code, []);
        return context.Features.Get<IRefusalWriter>() is { } other ? other.WriteUnauthenticatedAsync(context, sentence) : TypedResults.Problem(new ProblemDetails
        {
            Type = "about:blank",
            Title = "Unauthorized",
            Status = StatusCodes.Status401Unauthorized,
            Detail = sentence,
            Extensions = { ["code"] = Code, ["traceId"] = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier },
        }).ExecuteAsync(context);
    }
}
