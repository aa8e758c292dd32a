using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access.Tenants;

/// <summary>Counts the requests of programs by tenant. A limit that changes begins a count of its own.</summary>
internal sealed class TenantRequestLimiter : IDisposable
{
    private readonly PartitionedRateLimiter<(TenantId Tenant, int Limit)> limiter = PartitionedRateLimiter.Create<(TenantId Tenant, int Limit), (TenantId, int)>(place => RateLimitPartition.GetSlidingWindowLimiter(
        place, _ => new SlidingWindowRateLimiterOptions { PermitLimit = place.Limit, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 12, QueueLimit = 0 }));

    public bool Take(TenantId tenant, int limit)
    {
        using var lease = limiter.AttemptAcquire((tenant, limit));
        return lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();
}

/// <summary>Refuses what a tenant's programs ask beyond its limit: 429. People at their browsers are not counted.</summary>
internal sealed class TenantRequests(RequestDelegate next, TenantBook book, TenantRequestLimiter limiter)
{
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(5);

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization.Count > 0 && Caller.From(context.User) is { } caller
            && (await book.OfAsync(caller.Tenant, context.RequestAborted)).RequestsPerMinute is { } limit && !limiter.Take(caller.Tenant, limit))
            await Problems.WriteAsync(context, new Unavailable("access.request_limit", AccessErrors.Text(limit)) { Kind = UnavailableKind.TooMany, RetryAfter = Later });
        else
            await next(context);
    }
}
