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

    internal static Secrets Create() => new()
    {
        SuperuserPassword = Password(),
        OwnerPassword = Password(),
        AppPassword = Password(),
        SystemPassword = Password(),
        BlobAccount = "local" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)),
        BlobKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64)),
    };

    /// <summary>Hexadecimal: nothing in it needs quoting in a connection string, a URL or SQL.</summary>
    private static string Password() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
