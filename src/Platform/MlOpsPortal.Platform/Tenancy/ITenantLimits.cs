using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Platform.Tenancy;

/// <summary>How much a tenant may use; null is as much as it likes.</summary>
/// <param name="Members">People and service accounts, those invited included.</param>
/// <param name="Projects">Not archived.</param>
/// <param name="Storage">Bytes of files.</param>
/// <param name="RequestsPerMinute">Requests with a token, per portal process.</param>
public sealed record TenantLimits(int? Members = null, int? Projects = null, long? Storage = null, int? RequestsPerMinute = null)
{
    public static readonly TenantLimits None = new();

    /// <returns>Null when every limit leaves something to work with.</returns>
    public Validation? Check() => new Faults()
        .When(Members < 1, "members", "limits.positive").When(Projects < 1, "projects", "limits.positive")
        .When(Storage < 1, "storage", "limits.positive").When(RequestsPerMinute < 1, "requestsPerMinute", "limits.positive").Refusal;
}

/// <summary>What an operator has allowed a tenant, at most 5 s old. Implemented by Access; whoever lets something grow asks.</summary>
public interface ITenantLimits
{
    Task<TenantLimits> OfAsync(TenantId tenant, CancellationToken cancellationToken);
}

/// <summary>Where nobody keeps tenants, nobody limits them.</summary>
internal sealed class NoTenantLimits : ITenantLimits
{
    public Task<TenantLimits> OfAsync(TenantId tenant, CancellationToken cancellationToken) => Task.FromResult(TenantLimits.None);
}
