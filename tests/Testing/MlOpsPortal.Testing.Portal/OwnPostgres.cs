using System.Diagnostics;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Web.Verbs;

namespace MlOpsPortal.Testing;

/// <summary>A PostgreSQL for one test alone, with fsync on, which can be killed and started again on the same data and port.</summary>
public sealed class OwnPostgres : IAsyncDisposable
{
    private readonly DataFolder data;
    private EmbeddedPostgres server;

    private OwnPostgres(DataFolder data, EmbeddedPostgres server) => (this.data, this.server) = (data, server);

    public DatabaseConnections Database => server.Endpoint.Connections(EmbeddedPostgres.DatabaseName);

    public static async Task<OwnPostgres> StartAsync(CancellationToken cancellation)
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "own-postgres-" + Guid.CreateVersion7().ToString("n"));
        var held = await DataFolder.OpenAsync(folder, TimeSpan.Zero, cancellation);
        var own = new OwnPostgres(held, await RunAsync(held, cancellation));
        await Migrate.ApplyAsync(own.Database.Owner, cancellation);
        return own;
    }

    /// <summary>SIGKILL; its backends notice and end.</summary>
    public Task KillAsync() => server.Process.StopAsync(Signal.Kill, TimeSpan.FromSeconds(10));

    /// <returns>How long it took until it answered, recovery included.</returns>
    public async Task<TimeSpan> StartAgainAsync()
    {
        var (since, port) = (Stopwatch.StartNew(), server.Endpoint.Port);
        server = await RunAsync(data, CancellationToken.None);
        return server.Endpoint.Port == port ? since.Elapsed : throw new InvalidOperationException($"Somebody took port {port} while PostgreSQL was down.");
    }

    public async ValueTask DisposeAsync()
    {
        await server.StopAsync();
        data.Dispose();
        await DataFolder.DeleteAsync(data.Path, CancellationToken.None);
    }

    private static Task<EmbeddedPostgres> RunAsync(DataFolder folder, CancellationToken cancellation) =>
        EmbeddedPostgres.StartAsync(folder, Repository.NodeModules, disposable: false, _ => { }, cancellation);
}
