using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Tracking.Filtering;

/// <summary>Where the next page begins: the last row's sort keys, sealed. A token is good for the tenant and the query it was made for, and for nothing else.</summary>
public sealed class PageTokens(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("tracking.page-token");

    /// <param name="query">Everything that decides what is listed in which order.</param>
    /// <param name="keys">Of the last row; null for a missing value.</param>
    public string Write(TenantId tenant, string query, params ImmutableArray<string?> keys) =>
        Base64Url.EncodeToString(protector.Protect(JsonSerializer.SerializeToUtf8Bytes(new Token(Mark(tenant, query), keys))));

    /// <returns>Null when the token was not made here, or for another tenant or query.</returns>
    public ImmutableArray<string?>? Read(TenantId tenant, string query, string token)
    {
        if (token.Length > 20_000 || !Base64Url.IsValid(token))
            return null;
        try
        {
            var read = JsonSerializer.Deserialize<Token>(protector.Unprotect(Base64Url.DecodeFromChars(token)));
            return read is not null && read.For == Mark(tenant, query) ? read.Keys : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string Mark(TenantId tenant, string query) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tenant + "\n" + query)).AsSpan(0, 16));

    private sealed record Token(string For, ImmutableArray<string?> Keys);
}
