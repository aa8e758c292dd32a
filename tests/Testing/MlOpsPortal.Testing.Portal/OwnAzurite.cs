using MlOpsPortal.LocalServices;

namespace MlOpsPortal.Testing;

/// <summary>A blob store for one test alone, which can be stopped and started again on the same data and port.</summary>
public sealed class OwnAzurite : IAsyncDisposable
{
    private readonly DataFolder data;
    private Azurite server;

    private OwnAzurite(DataFolder data, Azurite server) => (this.data, this.server) = (data, server);

    public string ConnectionString => server.ConnectionString;

    public static async Task<OwnAzurite> StartAsync(CancellationToken cancellation)
    {
        var held = await DataFolder.OpenAsync(Path.Combine(Repository.Root, "artifacts", "own-azurite-" + Guid.CreateVersion7().ToString("n")), TimeSpan.Zero, cancellation);
        return new OwnAzurite(held, await Azurite.StartAsync(held, Repository.NodeModules, cancellation));
    }

    /// <summary>SIGTERM: what it has taken is saved. Nobody answers afterwards.</summary>
    public Task StopAsync() => server.StopAsync();

    public async Task StartAgainAsync()
    {
        var before = server.ConnectionString;
        server = await Azurite.StartAsync(data, Repository.NodeModules, CancellationToken.None);
        if (server.ConnectionString != before)
            throw new InvalidOperationException("Somebody took the blob store's port while it was down.");
    }

    public async ValueTask DisposeAsync()
    {
        await server.StopAsync();
        data.Dispose();
        await DataFolder.DeleteAsync(data.Path, CancellationToken.None);
    }
}
