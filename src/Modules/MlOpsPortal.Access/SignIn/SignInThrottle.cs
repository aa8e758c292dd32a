using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Access.SignIn;

/// <summary>So many tries a minute from one network address, whichever accounts they are for.</summary>
public sealed class SignInThrottle(IOptions<AccessOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(place => RateLimitPartition.GetSlidingWindowLimiter(
        place, _ => new SlidingWindowRateLimiterOptions { PermitLimit = options.Value.SignInsPerMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6, QueueLimit = 0 }));

    /// <returns>Null when there is room for another try.</returns>
    internal Unavailable? Take(IPAddress? address)
    {
        using var lease = limiter.AttemptAcquire(Place(address));
        return lease.IsAcquired ? null : AccessErrors.TooManyTries(lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(10));
    }

    public void Dispose() => limiter.Dispose();

    /// <summary>Whoever has one IPv6 address has the /64 around it.</summary>
    private static string Place(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => new IPAddress([.. address.GetAddressBytes()[..8], .. new byte[8]]).ToString(),
        _ => address.ToString(),
    };
}
