using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Aggregates;

/// <summary>The first of the four walls between tenants: a grain's key holds its tenant, a reference is got for a caller, and
/// <see cref="TenantWall"/> lets no call through whose caller is of another tenant.</summary>
public static class TenantGrains
{
    internal const string TenantKey = "tenant";

    /// <summary>The grain of the caller's tenant with this id.</summary>
    public static TGrain GetGrain<TGrain>(this IGrainFactory grains, Caller caller, Guid id)
        where TGrain : IGrainWithStringKey
    {
        RequestContext.Set(TenantKey, caller.Tenant.ToString());
        return grains.GetGrain<TGrain>(GrainKey.Of(caller.Tenant, id));
    }
}

/// <summary>Refuses every grain call whose caller's tenant is not the one in the grain's key. It cannot happen but by a bug.</summary>
public sealed class TenantWall : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context)
    {
        var key = context.TargetId.Key.ToString() ?? "";
        if (RequestContext.Get(TenantGrains.TenantKey) is not string tenant || !key.StartsWith(tenant + "/", StringComparison.Ordinal))
            throw new InvalidOperationException($"A call of {context.InterfaceName}.{context.MethodName} came from outside the grain's tenant.");
        return context.Invoke();
    }
}
