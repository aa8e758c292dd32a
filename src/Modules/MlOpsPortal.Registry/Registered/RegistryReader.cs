using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Registry.Data;

namespace MlOpsPortal.Registry.Registered;

/// <summary>Reads models and versions with what hangs on them, each in a fixed number of queries.</summary>
internal static class RegistryReader
{
    /// <returns>In the order of the ids.</returns>
    public static async Task<ImmutableArray<RegisteredModel>> ModelsAsync(this RegistryDbContext db, IReadOnlyCollection<RegisteredModelId> wished, CancellationToken cancellationToken)
    {
        var ids = wished.ToList();
        var rows = await db.Models.AsNoTracking().Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellationToken);
        var tags = (await db.ModelTags.AsNoTracking().Where(tag => ids.Contains(tag.ModelId)).OrderBy(tag => tag.Key).ToListAsync(cancellationToken)).ToLookup(tag => tag.ModelId);
        var aliases = (await db.Aliases.AsNoTracking().Where(alias => ids.Contains(alias.ModelId)).OrderBy(alias => alias.Alias).ToListAsync(cancellationToken)).ToLookup(alias => alias.ModelId);
        var newest = await db.Versions.AsNoTracking().Where(row => ids.Contains(row.ModelId) && row.DeletedAt == null)
            .GroupBy(row => new { row.ModelId, row.Stage }).Select(group => new { group.Key.ModelId, Number = group.Max(row => row.Number) }).ToListAsync(cancellationToken);
        var numbers = newest.Select(row => row.Number).Distinct().ToList();
        var candidates = await db.Versions.AsNoTracking().Where(row => ids.Contains(row.ModelId) && numbers.Contains(row.Number)).OrderBy(row => row.Number).ToListAsync(cancellationToken);
        var wanted = newest.Select(row => (row.ModelId, row.Number)).ToHashSet();
        var latest = (await db.VersionsAsync([.. candidates.Where(row => wanted.Contains((row.ModelId, row.Number)))], cancellationToken)).ToLookup(version => version.Model);
        return
        [
            .. ids.Where(rows.ContainsKey).Select(id => rows[id]).Select(row => new RegisteredModel(
                row.Id, row.ProjectId, row.Name, row.Description, At(row.CreatedMs), At(row.UpdatedMs), row.CreatedBy,
                [.. tags[row.Id].Select(tag => KeyValuePair.Create(tag.Key, tag.Value))], [.. aliases[row.Id].Select(alias => new ModelAlias(alias.Alias, alias.Number))], [.. latest[row.Id]])
            {
                DeletedAt = row.DeletedAt,
            }),
        ];
    }

    /// <returns>In the order of the rows.</returns>
    public static async Task<ImmutableArray<RegisteredVersion>> VersionsAsync(this RegistryDbContext db, IReadOnlyCollection<VersionRow> rows, CancellationToken cancellationToken)
    {
        var ids = rows.Select(row => row.ModelId).Distinct().ToList();
        var numbers = rows.Select(row => row.Number).Distinct().ToList();
        var models = await db.Models.AsNoTracking().Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellationToken);
        var tags = (await db.VersionTags.AsNoTracking().Where(tag => ids.Contains(tag.ModelId) && numbers.Contains(tag.Number)).OrderBy(tag => tag.Key).ToListAsync(cancellationToken))
            .ToLookup(tag => (tag.ModelId, tag.Number));
        var aliases = (await db.Aliases.AsNoTracking().Where(alias => ids.Contains(alias.ModelId)).OrderBy(alias => alias.Alias).ToListAsync(cancellationToken))
            .ToLookup(alias => (alias.ModelId, alias.Number), alias => alias.Alias);
        return
        [
            .. rows.Select(row => new RegisteredVersion(
                row.ModelId, models[row.ModelId].ProjectId, models[row.ModelId].Name, row.Number, row.Description, row.Stage, row.Source, row.Storage, row.Files,
                row.RunId, row.LoggedModel, row.RunLink, At(row.CreatedMs), At(row.UpdatedMs), row.CreatedBy,
                [.. tags[(row.ModelId, row.Number)].Select(tag => KeyValuePair.Create(tag.Key, tag.Value))], [.. aliases[(row.ModelId, row.Number)]],
                row.Sha256, row.FileCount, row.Bytes, [.. row.Flavors],
                row is { PortalModel: { } model, PortalVersion: { } version, PortalNumber: { } number } ? new PortalVersionLink(model, version, number) : null)
            {
                PortalRefusal = row.PortalRefusal,
                DeletedAt = row.DeletedAt,
            }),
        ];
    }

    public static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
