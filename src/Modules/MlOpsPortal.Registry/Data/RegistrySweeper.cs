using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Sweeping;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Registry.Versions;
using Npgsql;

namespace MlOpsPortal.Registry.Data;

/// <summary>Removes deleted models and versions once their window has passed. The files of runs stay; what no version stands on any more is no longer pinned, so that a run or an
/// experiment that was deleted meanwhile can go as well.</summary>
public sealed class RegistrySweeper : HourlySweep
{
    private const int MostAtOnce = 1_000;
    private readonly PortalDatabase database;
    private readonly ITenantDb<RegistryDbContext> databases;
    private readonly LoggedSources sources;
    private readonly RegistryOptions options;

    internal RegistrySweeper(
        PortalDatabase database, ITenantDb<RegistryDbContext> databases, LoggedSources sources, IOptions<RegistryOptions> options, TimeProvider time, ILogger<RegistrySweeper> log)
        : base(time, log) => (this.database, this.databases, this.sources, this.options) = (database, databases, sources, options.Value);

    protected override string What => "deleted registered models";

    /// <returns>How many versions were removed.</returns>
    public override async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var before = Time.GetUtcNow() - options.RestoreWindow;
        var swept = 0;
        foreach (var tenant in await TenantsAsync(before, cancellationToken))
            swept += await SweepAsync(tenant, before, cancellationToken);
        return swept;
    }

    private async Task<int> SweepAsync(TenantId tenant, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(tenant);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var models = await db.Models.Where(row => row.DeletedAt < before).Select(row => row.Id).Take(MostAtOnce).ToListAsync(cancellationToken);
        var versions = await db.Versions.AsNoTracking().Where(row => row.DeletedAt < before || models.Contains(row.ModelId)).Take(MostAtOnce * 10).ToListAsync(cancellationToken);
        foreach (var version in versions)
        {
            await db.VersionTags.Where(tag => tag.ModelId == version.ModelId && tag.Number == version.Number).ExecuteDeleteAsync(cancellationToken);
            await db.Versions.Where(row => row.ModelId == version.ModelId && row.Number == version.Number).ExecuteDeleteAsync(cancellationToken);
        }

        await db.Aliases.Where(row => models.Contains(row.ModelId)).ExecuteDeleteAsync(cancellationToken);
        await db.ModelTags.Where(row => models.Contains(row.ModelId)).ExecuteDeleteAsync(cancellationToken);
        await db.Requests.Where(row => models.Contains(row.ModelId)).ExecuteDeleteAsync(cancellationToken);
        await db.Models.Where(row => models.Contains(row.Id) && !db.Versions.Any(version => version.ModelId == row.Id)).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        foreach (var files in versions.Select(version => version.Files).OfType<string>().Distinct(StringComparer.Ordinal))
            if (!await db.Versions.AnyAsync(row => row.Files == files, cancellationToken))
                await sources.UnpinAsync(Caller.Portal(tenant), files, cancellationToken);
        return versions.Count;
    }

    private async Task<List<TenantId>> TenantsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var find = database.System.CreateCommand(
            "SELECT tenant_id FROM registry.registered_models WHERE deleted_at < $1 UNION SELECT tenant_id FROM registry.model_versions WHERE deleted_at < $1");
        find.Parameters.Add(new NpgsqlParameter { Value = before });
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var tenants = new List<TenantId>();
        while (await reader.ReadAsync(cancellationToken))
            tenants.Add(new TenantId(reader.GetGuid(0)));
        return tenants;
    }
}
