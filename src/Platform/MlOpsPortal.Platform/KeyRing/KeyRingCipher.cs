using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MlOpsPortal.Platform.KeyRing;

/// <summary>Encrypts keys of the key ring: AES-256-GCM with a random nonce of 12 bytes and a tag of 16; element <c>sealed</c> holds nonce, tag and text in base64.</summary>
internal sealed class KeyRingEncryptor(IOptions<KeyRingOptions> options) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var whole = new byte[KeyRingBox.Overhead + plain.Length];
        RandomNumberGenerator.Fill(whole.AsSpan(0, KeyRingBox.Nonce));
        using var aes = new AesGcm(options.Value.All.First(), KeyRingBox.Tag);
        aes.Encrypt(whole.AsSpan(0, KeyRingBox.Nonce), plain, whole.AsSpan(KeyRingBox.Overhead), whole.AsSpan(KeyRingBox.Nonce, KeyRingBox.Tag));
        CryptographicOperations.ZeroMemory(plain);
        return new EncryptedXmlInfo(new XElement("sealed", Convert.ToBase64String(whole)), typeof(KeyRingDecryptor));
    }
}

/// <summary>Opens what <see cref="KeyRingEncryptor"/> closed, with the present secret or one of before. The framework makes it by name, with the services.</summary>
internal sealed class KeyRingDecryptor(IServiceProvider services) : IXmlDecryptor
{
    /// <exception cref="CryptographicException">None of the secrets fits.</exception>
    public XElement Decrypt(XElement encryptedElement)
    {
        var whole = Convert.FromBase64String(encryptedElement.Value);
        foreach (var secret in services.GetRequiredService<IOptions<KeyRingOptions>>().Value.All)
            if (TryOpen(whole, secret) is { } plain)
                return XElement.Parse(Encoding.UTF8.GetString(plain));
        throw new CryptographicException("A key in the database was encrypted with another KeyRing:Secret: name that one under KeyRing:Previous.");
    }

    private static byte[]? TryOpen(byte[] whole, byte[] secret)
    {
        var plain = new byte[whole.Length - KeyRingBox.Overhead];
        using var aes = new AesGcm(secret, KeyRingBox.Tag);
        try
        {
            aes.Decrypt(whole.AsSpan(0, KeyRingBox.Nonce), whole.AsSpan(KeyRingBox.Overhead), whole.AsSpan(KeyRingBox.Nonce, KeyRingBox.Tag), plain);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null; // the next secret is tried
        }
    }
}

/// <summary>Lengths in bytes.</summary>
internal static class KeyRingBox
{
    public const int Nonce = 12;
    public const int Tag = 16;
    public const int Overhead = Nonce + Tag;
}
