using Microsoft.EntityFrameworkCore.Design;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Audit.Data;
using MlOpsPortal.Datasets.Data;
using MlOpsPortal.Deployments.Data;
using MlOpsPortal.Models.Data;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Projects.Data;
using MlOpsPortal.Registry.Data;
using MlOpsPortal.Tracking.Data;
using Npgsql;

namespace MlOpsPortal.DesignTime;

/// <summary>Opens a module's context without a portal around it. Writing a migration never connects.</summary>
internal abstract class Factory<TContext> : IDesignTimeDbContextFactory<TContext>
    where TContext : TenantDbContext
{
    public TContext CreateDbContext(string[] args)
    {
        var options = PortalDbOptions.For<TContext>(NpgsqlDataSource.Create("Host=localhost")).Options;
        return (TContext)Activator.CreateInstance(typeof(TContext), options, default(Platform.Ids.TenantId))!; // never null for a reference type
    }
}

internal sealed class PlatformFactory : Factory<PlatformDbContext>;

internal sealed class ProjectsFactory : Factory<ProjectsDbContext>;

internal sealed class DatasetsFactory : Factory<DatasetsDbContext>;

internal sealed class ModelsFactory : Factory<ModelsDbContext>;

internal sealed class DeploymentsFactory : Factory<DeploymentsDbContext>;

internal sealed class MonitoringFactory : Factory<MonitoringDbContext>;

internal sealed class TrackingFactory : Factory<TrackingDbContext>;

internal sealed class RegistryFactory : Factory<RegistryDbContext>;

internal sealed class AccessFactory : Factory<AccessDbContext>;

internal sealed class AuditFactory : Factory<AuditDbContext>;

/// <summary>Accounts stand above the tenants: no tenant to give.</summary>
internal sealed class AccountsFactory : IDesignTimeDbContextFactory<AccountsDbContext>
{
    public AccountsDbContext CreateDbContext(string[] args) => new(PortalDbOptions.For<AccountsDbContext>(NpgsqlDataSource.Create("Host=localhost")).Options);
}
