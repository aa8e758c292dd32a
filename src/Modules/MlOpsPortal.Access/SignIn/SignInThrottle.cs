using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Access.SignIn;

/// <summary>So many tries a minute from one network address, whichever accounts they are for, and so many for one account's address, wherever they come from.
/// An e-mail that nobody has is counted like any other.</summary>
public sealed class SignInThrottle(IOptions<AccessOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(place => RateLimitPartition.GetSlidingWindowLimiter(
        place, _ => new SlidingWindowRateLimiterOptions { PermitLimit = options.Value.SignInsPerMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6, QueueLimit = 0 }));

    private readonly PartitionedRateLimiter<string> accounts = PartitionedRateLimiter.Create<string, string>(email => RateLimitPartition.GetSlidingWindowLimiter(
        email, _ => new SlidingWindowRateLimiterOptions { PermitLimit = options.Value.SignInsPerAccountPerMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6, QueueLimit = 0 }));

    /// <returns>Null when there is room for another try.</returns>
    internal Unavailable? Take(IPAddress? address, string? email = null) =>
        Take(limiter, Place(address)) ?? (email is null ? null : Take(accounts, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(email.Trim().ToUpperInvariant())))));

    public void Dispose()
    {
        limiter.Dispose();
        accounts.Dispose();
    }

    private static Unavailable? Take(PartitionedRateLimiter<string> from, string place)
    {
        using var lease = from.AttemptAcquire(place);
        return lease.IsAcquired ? null : AccessErrors.TooManyTries(lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(10));
    }

    /// <summary>Whoever has one IPv6 address has the /64 around it.</summary>
    private static string Place(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => new IPAddress([.. address.GetAddressBytes()[..8], .. new byte[8]]).ToString(),
        _ => address.ToString(),
    };
}
