using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform.Ids;
using Npgsql;

namespace MlOpsPortal.Platform.Data;

/// <summary>Brings one module's schema up to date, as the role that owns it.</summary>
public interface IMigrations
{
    string Module { get; }

    Task ApplyAsync(NpgsqlDataSource owner, CancellationToken cancellationToken);
}

internal sealed class Migrations<TContext> : IMigrations
    where TContext : TenantDbContext
{
    public string Module => typeof(TContext).Name.Replace("DbContext", "", StringComparison.Ordinal);

    public async Task ApplyAsync(NpgsqlDataSource owner, CancellationToken cancellationToken)
    {
        await using var context = ActivatorUtilities.CreateInstance<TContext>(Nothing.Instance, PortalDbOptions.For<TContext>(owner).Options, default(TenantId));
        await context.Database.MigrateAsync(cancellationToken);
    }

    private sealed class Nothing : IServiceProvider
    {
        public static readonly Nothing Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
