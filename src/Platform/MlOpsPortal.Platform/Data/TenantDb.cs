using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform.Ids;
using Npgsql;

namespace MlOpsPortal.Platform.Data;

/// <summary>Opens a module's context for one tenant and one unit of work. Dispose it.</summary>
public interface ITenantDb<out TContext>
    where TContext : TenantDbContext
{
    TContext Open(TenantId tenant);
}

/// <summary>The portal's two ways into PostgreSQL. <see cref="App"/> is the role <c>mlops_app</c>, which row-level security binds to one
/// tenant; <see cref="System"/> is <c>mlops_system</c>, for work that has no tenant yet and only on the tables listed in data/system-tables.</summary>
public sealed class PortalDatabase(NpgsqlDataSource app, NpgsqlDataSource system) : IAsyncDisposable
{
    public NpgsqlDataSource App { get; } = app;

    public NpgsqlDataSource System { get; } = system;

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await System.DisposeAsync();
    }
}

internal sealed class TenantDb<TContext>(PortalDatabase database, TenantConnectionInterceptor interceptor) : ITenantDb<TContext>
    where TContext : TenantDbContext
{
    private readonly DbContextOptions<TContext> options = PortalDbOptions.For<TContext>(database.App).AddInterceptors(interceptor).Options;
    private readonly ObjectFactory<TContext> create = ActivatorUtilities.CreateFactory<TContext>([typeof(DbContextOptions<TContext>), typeof(TenantId)]);

    public TContext Open(TenantId tenant) => create(EmptyServices.Instance, [options, tenant]);

    private sealed class EmptyServices : IServiceProvider
    {
        public static readonly EmptyServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}

/// <summary>How every context talks to PostgreSQL: each module keeps its own migrations history.</summary>
public static class PortalDbOptions
{
    public static DbContextOptionsBuilder<TContext> For<TContext>(NpgsqlDataSource dataSource)
        where TContext : DbContext
    {
        var builder = new DbContextOptionsBuilder<TContext>();
        builder.UseNpgsql(dataSource, npgsql => npgsql.MigrationsHistoryTable("__migrations_" + SchemaWord<TContext>(), "public"));
        return builder;
    }

    private static string SchemaWord<TContext>() => typeof(TContext).Name.Replace("DbContext", "", StringComparison.Ordinal).ToLowerInvariant();
}
