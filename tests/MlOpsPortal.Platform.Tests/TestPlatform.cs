using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.Platform.Tests;

/// <summary>The platform's services on a database of their own.</summary>
public sealed class TestPlatform : IAsyncDisposable
{
    private TestPlatform(ServiceProvider services, string scratch) => (Services, Scratch) = (services, scratch);

    public ServiceProvider Services { get; }

    public string Scratch { get; }

    public Caller Caller { get; } = new(new TenantId(Guid.CreateVersion7()), new UserId(Guid.CreateVersion7()), "Ada");

    public static async Task<TestPlatform> StartAsync(Action<IServiceCollection>? also = null)
    {
        var stop = TestContext.Current.CancellationToken;
        var services = await TestServices.GetAsync();
        var migrations = string.Join(',', typeof(PlatformDbContext).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Microsoft.EntityFrameworkCore.Migrations.Migration))).Select(type => type.Name));
        var database = await services.CreateDatabaseAsync("platform-" + migrations, MigrateAsync, stop);
        var scratch = Path.Combine(AppContext.BaseDirectory, "scratch-" + Guid.NewGuid().ToString("n"));
        var provider = Build(database.App, database.System, services.BlobConnectionString, scratch, also);
        return new TestPlatform(provider, scratch);
    }

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        if (Directory.Exists(Scratch))
            Directory.Delete(Scratch, recursive: true);
    }

    private static ServiceProvider Build(string app, string system, string blobs, string scratch, Action<IServiceCollection>? also)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Portal"] = app,
            ["ConnectionStrings:System"] = system,
            ["KeyRing:Secret"] = Convert.ToBase64String(new byte[32]),
            ["Blobs:ConnectionString"] = blobs,
            ["Blobs:Container"] = "test-" + Guid.NewGuid().ToString("n"),
            ["Jobs:ScratchFolder"] = scratch,
            ["Jobs:Poll"] = "00:00:00.050",
            ["Jobs:AwayPause"] = "00:00:00.050",
        }).Build();
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddPlatform(configuration);
        services.AddSingleton<IPermissions, TestPermissions>();
        also?.Invoke(services);
        return services.BuildServiceProvider();
    }

    private static async Task MigrateAsync(MlOpsPortal.LocalServices.DatabaseConnections connections, CancellationToken stop)
    {
        await using var owner = NpgsqlDataSource.Create(connections.Owner);
        await using var provider = Build(connections.App, connections.System, "UseDevelopmentStorage=true", Path.GetTempPath(), also: null);
        foreach (var migrations in provider.GetServices<IMigrations>())
            await migrations.ApplyAsync(owner, stop);
    }
}
