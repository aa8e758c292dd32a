using Xunit;

namespace MlOpsPortal.Testing;

/// <summary>One portal for the tests of a class or a collection. They share it: each takes a tenant of its own.</summary>
public sealed class PortalFixture : IAsyncLifetime
{
    private PortalHost? started;

    public PortalHost Portal => started ?? throw new InvalidOperationException("The portal has not started.");

    public Uri Url => Portal.Url;

    public Task<TestTenant> TenantAsync(string name) => Portal.TenantAsync(name);

    public async ValueTask InitializeAsync() => started = await PortalHost.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (started is not null)
            await started.DisposeAsync();
    }
}
