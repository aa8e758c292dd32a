using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Registry.Data;
using MlOpsPortal.Registry.Governance;
using MlOpsPortal.Registry.Registered;

namespace MlOpsPortal.Registry.Aliases;

/// <summary>Names that lead to versions. Moving one is one call, and noted with who did it; a protected one needs an approval.</summary>
public sealed class AliasDesk
{
    private readonly ITenantDb<RegistryDbContext> databases;
    private readonly ModelPlaces places;
    private readonly MoveDesk moves;

    internal AliasDesk(ITenantDb<RegistryDbContext> databases, ModelPlaces places, MoveDesk moves) => (this.databases, this.places, this.moves) = (databases, places, moves);

    public async Task<Result<Done>> SetAsync(Caller caller, string name, string alias, string version, CancellationToken cancellationToken)
    {
        if ((RegistryText.CheckName("name", name) ?? RegistryText.CheckAlias(alias) ?? RegistryText.CheckReserved(alias)) is { } wrong)
            return wrong;
        var number = ModelPlaces.ParseNumber(version);
        if (!number.IsOk)
            return number.Refusal;
        var moved = await moves.MoveAsync(caller, name, new Move(MoveKind.SetAlias, alias, number.Value), cancellationToken);
        return moved.IsOk ? Done.Instance : moved.Refusal is NotFound ? RegistryErrors.NoVersion(name, version) : moved.Refusal;
    }

    /// <summary>An alias that is not there is gone already.</summary>
    public async Task<Result<Done>> DeleteAsync(Caller caller, string name, string alias, CancellationToken cancellationToken)
    {
        if ((RegistryText.CheckName("name", name) ?? RegistryText.CheckAlias(alias)) is { } wrong)
            return wrong;
        return (await moves.MoveAsync(caller, name, new Move(MoveKind.RemoveAlias, alias, 0), cancellationToken)).Map(_ => Done.Instance);
    }

    /// <summary>The version that an alias leads to; <c>latest</c> is always the newest.</summary>
    public async Task<Result<RegisteredVersion>> GetAsync(Caller caller, string name, string alias, CancellationToken cancellationToken)
    {
        if ((RegistryText.CheckName("name", name) ?? RegistryText.CheckAlias(alias)) is { } wrong)
            return wrong;
        await using var db = databases.Open(caller.Tenant);
        var model = await places.FindAsync(db, caller, name, RegistryPermissions.View, cancellationToken);
        if (!model.IsOk)
            return model.Refusal;
        var isLatest = alias.Equals("latest", StringComparison.OrdinalIgnoreCase);
        var number = isLatest
            ? await db.Versions.Where(row => row.ModelId == model.Value.Id && row.DeletedAt == null).MaxAsync(row => (int?)row.Number, cancellationToken)
            : await db.Aliases.Where(row => row.ModelId == model.Value.Id && row.Alias == alias).Select(row => (int?)row.Number).SingleOrDefaultAsync(cancellationToken);
        if (number is null)
            return isLatest ? RegistryErrors.NoLatest(name) : RegistryErrors.NoAlias(alias);
        var version = await ModelPlaces.VersionAsync(db, model.Value, number.Value.ToString(CultureInfo.InvariantCulture), cancellationToken);
        return version.IsOk ? (await db.VersionsAsync([version.Value], cancellationToken))[0] : version.Refusal;
    }
}
