using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Idempotency;

namespace MlOpsPortal.Platform.Http;

/// <summary>Reads <c>Idempotency-Key</c> of requests that change something, and hashes the request it stands on.
/// What was answered before is found by the use case, in its own transaction.</summary>
public sealed class IdempotencyMiddleware(RequestDelegate next)
{
    private const long MaxHashedBody = 16 * 1024 * 1024;

    public async Task InvokeAsync(HttpContext context)
    {
        var header = context.Request.Headers["Idempotency-Key"];
        if (header.Count == 0 || !HttpMethods.IsPost(context.Request.Method))
        {
            await next(context);
            return;
        }

        var key = header.ToString();
        if (header.Count > 1 || key.Length is 0 or > IdempotencyKey.MaxLength || key.Any(character => character is < ' ' or > '~'))
        {
            await Problems.WriteAsync(context, new Validation("idempotency.bad_key"));
            return;
        }

        if (context.Request.ContentLength > MaxHashedBody)
        {
            await Problems.WriteAsync(context, new Validation("idempotency.body_too_large") { Kind = ValidationKind.TooLarge });
            return;
        }

        context.Features.Set(new IdempotencyKey(key, await HashAsync(context.Request, context.RequestAborted)));
        await next(context);
    }

    private static async Task<string> HashAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
            hash.AppendData(buffer, 0, read);
        request.Body.Position = 0;
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
