using Azure.Storage.Blobs;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.Testing;

/// <summary>A portal under test: where it is, and how tenants come into it.</summary>
public abstract class TestPortal : IAsyncDisposable
{
    private readonly Lazy<Arrangement> arrangement;

    private protected TestPortal(PortalSettings settings)
    {
        Settings = settings;
        arrangement = new Lazy<Arrangement>(() => new Arrangement(this));
    }

    /// <summary>Without a slash at its end.</summary>
    public abstract Uri Url { get; }

    public DatabaseConnections Database => Settings.Database;

    /// <summary>The container that this portal keeps its files in.</summary>
    public BlobContainerClient Blobs() => Settings.Blobs();

    /// <summary>Passwords and keys that this portal was told, for tests that look for them where they may not be.</summary>
    public IEnumerable<string> Secrets => Settings.Secrets();

    internal PortalSettings Settings { get; }

    /// <summary>A tenant of its own with one member per role and an <see cref="TestTenant.Outsider"/>.</summary>
    public Task<TestTenant> TenantAsync(string name) => arrangement.Value.TenantAsync(name);

    /// <summary>A client that is nobody, or whoever the token stands for.</summary>
    public HttpClient Client(string? token = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Url };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (arrangement.IsValueCreated)
            await arrangement.Value.DisposeAsync();
        Settings.Forget();
        GC.SuppressFinalize(this);
    }
}
