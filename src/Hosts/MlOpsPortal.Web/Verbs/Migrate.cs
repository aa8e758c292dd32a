using MlOpsPortal.Platform.Data;
using MlOpsPortal.Web.Composition;
using Npgsql;

namespace MlOpsPortal.Web.Verbs;

/// <summary><c>migrate</c>: brings every module's schema up to date, as the role that owns them (<c>ConnectionStrings:Owner</c>).</summary>
internal static class Migrate
{
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        if (builder.Configuration.GetConnectionString("Owner") is not { Length: > 0 } owner)
        {
            await Console.Error.WriteLineAsync("ConnectionStrings:Owner is not set: migrations run as the role that owns the database.");
            return 2;
        }

        await ApplyAsync(owner, CancellationToken.None);
        return 0;
    }

    /// <summary>Applies every module's migrations; also used by the tests' template database.</summary>
    public static async Task ApplyAsync(string owner, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddPortalModules(new ConfigurationBuilder().Build());
        await using var provider = services.BuildServiceProvider();
        await using var dataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(owner) { Pooling = false });
        foreach (var migrations in provider.GetServices<IMigrations>())
        {
            await migrations.ApplyAsync(dataSource, cancellationToken);
            Console.WriteLine($"{migrations.Module}: up to date");
        }
    }
}
