using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Deployments.Serving.Scoring;

/// <summary>Brings a request's body into its slot: JSON in UTF-8, not compressed, up to 8 MiB.</summary>
internal static class RequestBody
{
    public const int MaxLength = 8 * 1024 * 1024;

    /// <returns>Null when it is JSON as we read it.</returns>
    public static Refusal? CheckType(HttpRequest request)
    {
        if (!StringValuesEmpty(request) || !MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            return DeploymentsErrors.WrongType();
        var json = type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);
        var utf8 = !type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase);
        return json && utf8 ? null : DeploymentsErrors.WrongType();
    }

    /// <returns>Null when it is there as a whole.</returns>
    public static async ValueTask<Refusal?> ReadAsync(HttpRequest request, ScoringSlot slot, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxLength)
            return DeploymentsErrors.BodyTooLarge(MaxLength);
        var reader = request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            var length = slot.BodyLength + buffer.Length;
            if (length > MaxLength)
            {
                reader.AdvanceTo(buffer.Start);
                return DeploymentsErrors.BodyTooLarge(MaxLength);
            }

            slot.GrowBody((int)length);
            buffer.CopyTo(slot.Body.AsSpan(slot.BodyLength));
            slot.BodyLength = (int)length;
            reader.AdvanceTo(buffer.End);
            if (result.IsCompleted)
                return null;
        }
    }

    private static bool StringValuesEmpty(HttpRequest request) => request.Headers.ContentEncoding.Count == 0 || request.Headers.ContentEncoding is ["identity"];
}
