using System.ComponentModel.DataAnnotations;

namespace MlOpsPortal.Platform.KeyRing;

/// <summary>Section <c>KeyRing</c>: what encrypts the key ring that lies in the database. A copy of the database alone signs nobody in.</summary>
public sealed class KeyRingOptions : IValidatableObject
{
    private const int Bytes = 32;

    /// <summary>Base64 of 32 random bytes. Required; kept outside the database.</summary>
    [Required(ErrorMessage = "KeyRing:Secret is not set: base64 of 32 random bytes, which encrypts the keys in the database (openssl rand -base64 32).")]
    public string Secret { get; set; } = "";

    /// <summary>Secrets of before, which still open older keys. Keys live 90 days; then an old secret can go.</summary>
    public IList<string> Previous { get; } = [];

    internal IEnumerable<byte[]> All => Previous.Prepend(Secret).Select(Convert.FromBase64String);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var buffer = new byte[Bytes + 1];
        foreach (var secret in Previous.Prepend(Secret))
            if (!Convert.TryFromBase64String(secret, buffer, out var length) || length != Bytes)
                yield return new ValidationResult($"KeyRing: a secret must be base64 of {Bytes} random bytes.");
    }
}
