using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.Testing;

/// <summary>One PostgreSQL and one Azurite, shared by all test processes of this working copy; see README.md.</summary>
public sealed class TestServices
{
    private const int GraceSeconds = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly string Place = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "test-services")).FullName;
    private static readonly Lazy<Task<TestServices>> Shared = new(() => StartAsync(CancellationToken.None));

    /// <summary>Held until this process ends: that is how the watchdog knows that somebody still needs the servers.</summary>
    private static Stream? used;

    private TestServices(Servers servers) => (Postgres, BlobConnectionString) = (new PostgresEndpoint(servers.Port, servers.Secrets), servers.BlobConnectionString);

    private sealed record Servers(int Port, Secrets Secrets, string BlobConnectionString);

    public PostgresEndpoint Postgres { get; }

    /// <summary>Take a container of your own: all test projects share the account.</summary>
    public string BlobConnectionString { get; }

    public static Task<TestServices> GetAsync() => Shared.Value;

    /// <summary>A fresh database, cloned from a template that is migrated once per key.</summary>
    /// <param name="templateKey">Anything that changes when the schema does, such as the hash or the ids of the migrations.</param>
    /// <param name="migrate">Brings the empty template up to date; must leave no connection open.</param>
    /// <param name="cancellation">Stops waiting; a half-made template is never used.</param>
    public async Task<DatabaseConnections> CreateDatabaseAsync(
        string templateKey, Func<DatabaseConnections, CancellationToken, Task> migrate, CancellationToken cancellation)
    {
        var template = "template_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(templateKey)))[..16];
        using (await FileLock.ExclusiveAsync(Path.Combine(Place, "template.lock"), Patience, cancellation))
        {
            if (!await DatabaseSetup.ExistsAsync(Postgres, template, cancellation))
                await MakeTemplateAsync(template, migrate, cancellation);
        }

        var name = "test_" + Guid.CreateVersion7().ToString("n", CultureInfo.InvariantCulture);
        await DatabaseSetup.CreateDatabaseAsync(Postgres, name, template, cancellation);
        return Postgres.Connections(name);
    }

    private async Task MakeTemplateAsync(string template, Func<DatabaseConnections, CancellationToken, Task> migrate, CancellationToken cancellation)
    {
        var half = template + "_half";
        await DatabaseSetup.ExecuteAsync(Postgres, "postgres", $"DROP DATABASE IF EXISTS \"{half}\" WITH (FORCE)", cancellation);
        await DatabaseSetup.CreateDatabaseAsync(Postgres, half, template: null, cancellation);
        var connections = Postgres.Connections(half);
        await migrate(
            new DatabaseConnections(connections.Owner + ";Pooling=false", connections.App + ";Pooling=false", connections.System + ";Pooling=false"), cancellation);
        await DatabaseSetup.ExecuteAsync(Postgres, "postgres", $"ALTER DATABASE \"{half}\" RENAME TO \"{template}\"", cancellation);
    }

    private static async Task<TestServices> StartAsync(CancellationToken cancellation)
    {
        using var starting = await FileLock.ExclusiveAsync(Path.Combine(Place, "start.lock"), Patience, cancellation);
        used ??= await FileLock.SharedAsync(Path.Combine(Place, "users.lock"), Patience, cancellation);
        await File.WriteAllTextAsync(Path.Combine(Place, "generation"), Guid.NewGuid().ToString(), cancellation);

        var dataPath = Path.Combine(Place, "data");
        var stateFile = Path.Combine(dataPath, "test-servers.json");
        if (PrivateFile.Read<Servers>(stateFile) is { } running && EmbeddedPostgres.IsRunning(dataPath) && Azurite.IsRunning(dataPath)) return new TestServices(running);

        await DataFolder.DeleteAsync(dataPath, cancellation);
        using var data = await DataFolder.OpenAsync(dataPath, TimeSpan.Zero, cancellation);
        var postgres = EmbeddedPostgres.StartAsync(data, Repository.NodeModules, disposable: true, Console.WriteLine, cancellation);
        var azurite = Azurite.StartAsync(data, Repository.NodeModules, cancellation);
        await Task.WhenAll(postgres, azurite);
        var servers = new Servers((await postgres).Endpoint.Port, data.Secrets, (await azurite).ConnectionString);
        StartWatchdog(data, (await postgres).Folder);
        PrivateFile.Write(stateFile, servers);
        return new TestServices(servers);
    }

    private static void StartWatchdog(DataFolder data, string postgresFolder)
    {
        using var stream = typeof(TestServices).Assembly.GetManifestResourceStream("watchdog.sh")
            ?? throw new InvalidOperationException("watchdog.sh is not embedded in this build.");
        using var script = new StreamReader(stream);
        ChildProcess.Start(new ChildCommand
        {
            Name = "The watchdog of the test servers",
            Command = ["/bin/sh", "-c", script.ReadToEnd(), "watchdog", Place, data.Path, postgresFolder, GraceSeconds.ToString(CultureInfo.InvariantCulture)],
            LogFile = Path.Combine(Place, "watchdog.log"),
        });
    }
}
