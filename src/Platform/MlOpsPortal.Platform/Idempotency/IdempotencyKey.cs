namespace MlOpsPortal.Platform.Idempotency;

/// <summary>A client's promise that two requests are one.</summary>
/// <param name="Key">1 to 200 printable ASCII characters, unique per tenant and account.</param>
/// <param name="RequestHash">SHA-256 over method, path and body, lower-case hex: the same key with another request is refused.</param>
public sealed record IdempotencyKey(string Key, string RequestHash)
{
    public const int MaxLength = 200;
}
