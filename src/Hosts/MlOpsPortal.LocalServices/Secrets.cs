using System.Security.Cryptography;

namespace MlOpsPortal.LocalServices;

/// <summary>Made once per data folder, by chance alone: 256 bits each, 512 for the blob account's key.</summary>
public sealed record Secrets
{
    public required string SuperuserPassword { get; init; }

    public required string OwnerPassword { get; init; }

    public required string AppPassword { get; init; }

    public required string SystemPassword { get; init; }

    public required string BlobAccount { get; init; }

    public required string BlobKey { get; init; }

    /// <summary>Base64; encrypts the key ring in the database. Null only in a file of before there was one.</summary>
    public string? KeyRing { get; init; }

    internal static Secrets Create() => new Secrets
    {
        SuperuserPassword = Password(),
        OwnerPassword = Password(),
        AppPassword = Password(),
        SystemPassword = Password(),
        BlobAccount = "local" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)),
        BlobKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64)),
    }.Complete();

    /// <summary>Adds what a file of before lacks.</summary>
    internal Secrets Complete() => KeyRing is null ? this with { KeyRing = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) } : this;

    /// <summary>Hexadecimal: nothing in it needs quoting in a connection string, a URL or SQL.</summary>
    private static string Password() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
