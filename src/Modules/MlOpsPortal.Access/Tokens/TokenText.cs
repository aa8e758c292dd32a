using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MlOpsPortal.Access.Tokens;

/// <summary>SHA-256 of a token, as a key that needs no allocation.</summary>
internal readonly record struct TokenHash(ulong A, ulong B, ulong C, ulong D)
{
    public const int Bytes = SHA256.HashSizeInBytes;

    /// <summary>Of a text of ASCII characters; others are hashed as '?', which no token holds.</summary>
    public static TokenHash Of(ReadOnlySpan<char> text)
    {
        Span<byte> ascii = stackalloc byte[TokenText.MaxLength];
        Span<byte> hash = stackalloc byte[Bytes];
        SHA256.HashData(ascii[..Encoding.ASCII.GetBytes(text, ascii)], hash);
        return new(Part(hash), Part(hash[8..]), Part(hash[16..]), Part(hash[24..]));
    }

    public byte[] ToArray()
    {
        var hash = new byte[Bytes];
        BinaryPrimitives.WriteUInt64BigEndian(hash, A);
        BinaryPrimitives.WriteUInt64BigEndian(hash.AsSpan(8), B);
        BinaryPrimitives.WriteUInt64BigEndian(hash.AsSpan(16), C);
        BinaryPrimitives.WriteUInt64BigEndian(hash.AsSpan(24), D);
        return hash;
    }

    private static ulong Part(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64BigEndian(bytes);
}

/// <summary>How a secret looks: a prefix that leak scanners know, 256 random bits, and a checksum that tells a token from a text like one.
/// <c>mlp_</c> + 64 hex digits + 8 hex digits. Invitations (<c>mli_</c>) and links to a new password (<c>mlr_</c>) are made alike.</summary>
internal static class TokenText
{
    public const string ApiToken = "mlp_";
    public const string InvitationLink = "mli_";
    public const string ResetLink = "mlr_";
    public const int Length = 4 + 64 + 8;

    /// <summary>What is longer than this is no secret of ours.</summary>
    public const int MaxLength = 128;

    public static string New(string prefix)
    {
        var secret = prefix + RandomNumberGenerator.GetHexString(64, lowercase: true);
        return secret + Checksum(secret);
    }

    public static bool IsWellFormed(ReadOnlySpan<char> text, string prefix) =>
        text.Length == Length && text.StartsWith(prefix, StringComparison.Ordinal) && text[^8..].SequenceEqual(Checksum(text[..^8]));

    private static string Checksum(ReadOnlySpan<char> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> ascii = stackalloc byte[MaxLength];
        SHA256.HashData(ascii[..Encoding.ASCII.GetBytes(text, ascii)], hash);
        return Convert.ToHexStringLower(hash[..4]);
    }
}
