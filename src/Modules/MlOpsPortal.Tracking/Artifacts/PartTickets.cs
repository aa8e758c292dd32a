using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Tracking.Artifacts;

/// <summary>Whose part of which upload.</summary>
internal sealed record PartTicket(Caller Caller, Guid Upload, int Number);

/// <summary>Tickets for parts: sealed by the portal's key ring, each for one part of one upload of one person in one tenant, good for an hour.</summary>
internal sealed class PartTickets(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("tracking.artifact-part").ToTimeLimitedDataProtector();

    public string Write(PartTicket ticket) => Base64Url.EncodeToString(protector.Protect(
        JsonSerializer.SerializeToUtf8Bytes(new Sealed(ticket.Caller.Tenant.Value, ticket.Caller.User.Value, ticket.Caller.Name, ticket.Caller.OnlyRoles?.ToImmutableArray(), ticket.Upload, ticket.Number)), Lifetime));

    /// <returns>Null when it was not made here, or is over.</returns>
    public PartTicket? Read(string ticket)
    {
        if (ticket.Length > 4_000 || !Base64Url.IsValid(ticket))
            return null;
        try
        {
            var read = JsonSerializer.Deserialize<Sealed>(protector.Unprotect(Base64Url.DecodeFromChars(ticket)));
            return read is null ? null : new PartTicket(new Caller(new TenantId(read.Tenant), new UserId(read.User), read.Name) { OnlyRoles = read.Roles?.ToImmutableHashSet() }, read.Upload, read.Number);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private sealed record Sealed(Guid Tenant, Guid User, string Name, ImmutableArray<Role>? Roles, Guid Upload, int Number);
}
