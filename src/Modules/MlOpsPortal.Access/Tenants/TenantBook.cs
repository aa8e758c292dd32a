using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access.Tenants;

/// <summary>What a tenant is allowed, at most 5 s old.</summary>
public sealed class TenantBook : ITenantLimits
{
    private readonly Accounts accounts;
    private readonly ShortMemory<TenantId, TenantLimits> memory;

    public TenantBook(Accounts accounts, TimeProvider time)
    {
        this.accounts = accounts;
        memory = new(time, ReadAsync);
    }

    public async Task<TenantLimits> OfAsync(TenantId tenant, CancellationToken cancellationToken) => await memory.GetAsync(tenant).WaitAsync(cancellationToken) ?? TenantLimits.None;

    internal void Forget(TenantId tenant) => memory.Forget(tenant);

    internal static TenantLimits Limits(Tenant row) => new(row.MaxMembers, row.MaxProjects, row.MaxStorage, row.MaxRequestsPerMinute);

    private async Task<TenantLimits?> ReadAsync(TenantId id)
    {
        await using var db = accounts.Open();
        return await db.Tenants.AsNoTracking().SingleOrDefaultAsync(tenant => tenant.Id == id) is { } row ? Limits(row) : null;
    }
}
