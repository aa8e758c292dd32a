using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Registry.Bridge;
using MlOpsPortal.Registry.Data;
using MlOpsPortal.Registry.Governance;
using MlOpsPortal.Registry.Registered;
using MlOpsPortal.Tracking.Artifacts;

namespace MlOpsPortal.Registry.Versions;

/// <summary>Registers what a source names as the next version of a model.</summary>
/// <param name="RunId">Null when the caller did not say it.</param>
public sealed record NewRegisteredVersion(
    string Name, string Source, string? RunId, string? ModelId, IReadOnlyCollection<KeyValuePair<string, string>> Tags, string? RunLink, string? Description);

/// <summary>Every use case of a version. Names and numbers come as the caller wrote them: a refusal repeats them.</summary>
public sealed class VersionDesk
{
    private readonly ITenantDb<RegistryDbContext> databases;
    private readonly ModelPlaces places;
    private readonly VersionSources resolver;
    private readonly LoggedSources sources;
    private readonly IPermissions permissions;
    private readonly BridgeQueue bridge;
    private readonly RegistryOptions options;
    private readonly TimeProvider time;

    internal VersionDesk(
        ITenantDb<RegistryDbContext> databases, ModelPlaces places, VersionSources resolver, LoggedSources sources, IPermissions permissions, BridgeQueue bridge,
        IOptions<RegistryOptions> options, TimeProvider time) =>
        (this.databases, this.places, this.resolver, this.sources, this.permissions, this.bridge, this.options, this.time) =
        (databases, places, resolver, sources, permissions, bridge, options.Value, time);

    public async Task<Result<RegisteredVersion>> CreateAsync(Caller caller, NewRegisteredVersion request, CancellationToken cancellationToken)
    {
        if ((RegistryText.CheckName("name", request.Name) ?? RegistryText.CheckTags(request.Tags) ?? RegistryText.CheckDescription(request.Description)
            ?? (request.RunLink?.Length > RegistryText.MaxSource ? RegistryErrors.TooLong("run_link", RegistryText.MaxSource) : null)) is { } wrong)
            return wrong;
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<RegisteredVersion>(caller, cancellationToken) is { } before)
            return before;
        var resolved = await resolver.ResolveAsync(db, caller, request.Source, request.RunId, request.ModelId, RegistryDesk.IsPrompt(request.Tags), cancellationToken);
        if (!resolved.IsOk)
            return resolved.Refusal;
        var allowed = await places.FindAsync(db, caller, request.Name, RegistryPermissions.Write, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        var stood = await StandOnAsync(caller, resolved.Value, cancellationToken);
        if (!stood.IsOk)
            return stood.Refusal;
        if (await ModelPlaces.HoldAsync(db, allowed.Value.Id, cancellationToken) is not { } held)
            return RegistryErrors.NoModel(request.Name);
        await using var hold = held;
        if (hold.Model is { ProjectChosen: false, NextNumber: 1 } && resolved.Value.Project is { } home && home != hold.Model.ProjectId
            && (await permissions.DemandAsync(caller, home.Scope, RegistryPermissions.Write, cancellationToken)).IsOk)
            hold.Model.ProjectId = home;
        var now = time.GetMicrosecondNow();
        var row = NewRow(caller, hold.Model, request, resolved.Value, stood.Value, now);
        db.Versions.Add(row);
        foreach (var tag in request.Tags.GroupBy(tag => tag.Key, (_, same) => same.Last(), StringComparer.Ordinal))
            db.VersionTags.Add(new VersionTagRow { ModelId = row.ModelId, Number = row.Number, Key = tag.Key, Value = tag.Value });
        db.Record(caller, hold.Subject, new VersionRegistered(row.Number, row.Source, Given(row.RunId), row.LoggedModel, row.Sha256), now);
        if (stood.Value.Onnx is not null && !await FollowsAsync(db, row, cancellationToken))
            bridge.Enqueue(db, caller, hold.Model, row.Number);
        var answer = new RegisteredVersion(
            row.ModelId, hold.Model.ProjectId, hold.Model.Name, row.Number, row.Description, row.Stage, row.Source, row.Storage, row.Files, row.RunId, row.LoggedModel, row.RunLink,
            RegistryReader.At(row.CreatedMs), RegistryReader.At(row.UpdatedMs), row.CreatedBy,
            [.. request.Tags.GroupBy(tag => tag.Key, (_, same) => same.Last(), StringComparer.Ordinal).OrderBy(tag => tag.Key, StringComparer.Ordinal)], [], row.Sha256, row.FileCount, row.Bytes, [.. row.Flavors], null);
        var saved = await hold.CommitAsync(db, caller, answer, now, cancellationToken);
        if (saved.IsOk && row.LoggedModel is { } logged)
            await sources.NoteAsync(caller, logged, hold.Model.Name, Text(row.Number), cancellationToken);
        return saved;
    }

    public async Task<Result<RegisteredVersion>> GetAsync(Caller caller, string name, string version, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var found = await FindAsync(db, caller, name, version, RegistryPermissions.View, cancellationToken);
        return found.IsOk ? (await db.VersionsAsync([found.Value.Version], cancellationToken))[0] : found.Refusal;
    }

    /// <summary>All versions of a model that are not deleted, the newest first.</summary>
    public async Task<Result<ImmutableArray<RegisteredVersion>>> ListAsync(Caller caller, string name, bool deleted, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var found = await places.FindAsync(db, caller, name, RegistryPermissions.View, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var rows = await db.Versions.AsNoTracking().Where(row => row.ModelId == found.Value.Id && (row.DeletedAt != null) == deleted)
            .OrderByDescending(row => row.Number).Take(1_000).ToListAsync(cancellationToken);
        return await db.VersionsAsync(rows, cancellationToken);
    }

    /// <summary>The versions that were registered from a run, in every model that the caller may see.</summary>
    public async Task<ImmutableArray<RegisteredVersion>> OfRunAsync(Caller caller, string runId, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        await using var db = databases.Open(caller.Tenant);
        var rows = await db.Versions.AsNoTracking().Where(row => row.RunId == runId && row.DeletedAt == null && db.Models.Any(model => model.Id == row.ModelId && model.DeletedAt == null))
            .OrderBy(row => row.CreatedMs).Take(100).ToListAsync(cancellationToken);
        return (await db.VersionsAsync(rows, cancellationToken)).RemoveAll(version => !visible.Contains(version.Project.Scope));
    }

    public async Task<Result<RegisteredVersion>> DescribeAsync(Caller caller, string name, string version, string? description, CancellationToken cancellationToken)
    {
        if (RegistryText.CheckDescription(description) is { } wrong)
            return wrong;
        return await ChangeAsync(caller, name, version, RegistryPermissions.Write, (db, hold, row, now) =>
        {
            (var before, row.Description) = (row.Description, description);
            row.UpdatedMs = now.ToUnixTimeMilliseconds();
            if (before != description)
                db.Record(caller, hold.Subject, new RegisteredVersionDescribed(row.Number, before, description), now);
            return Task.FromResult<Refusal?>(null);
        }, cancellationToken);
    }

    /// <summary>Puts a version away; its aliases go with it and its number is not given again. Until the window ends it can be restored.</summary>
    public async Task<Result<Done>> DeleteAsync(Caller caller, string name, string version, CancellationToken cancellationToken) =>
        (await ChangeAsync(caller, name, version, RegistryPermissions.Delete, async (db, hold, row, now) =>
        {
            var rule = await GovernanceDesk.RuleAsync(db, cancellationToken);
            var aliases = await db.Aliases.Where(alias => alias.ModelId == row.ModelId && alias.Number == row.Number).ToListAsync(cancellationToken);
            if (aliases.Find(alias => rule.Guards(alias.Alias)) is { } guarded)
                return RegistryErrors.HoldsProtected(string.Create(CultureInfo.InvariantCulture, $"{hold.Model.Name} version {row.Number}"), guarded.Alias);
            db.Aliases.RemoveRange(aliases);
            foreach (var (alias, index) in aliases.Select((alias, index) => (alias, index)))
                db.Movements.Add(MoveDesk.Moved(caller, row.ModelId, MovementKind.Alias, alias.Alias, Text(row.Number), null, now, index));
            (row.DeletedAt, row.DeletedBy, row.UpdatedMs, hold.Model.UpdatedMs) = (now, caller.Name, now.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds());
            db.Record(caller, hold.Subject, new RegisteredVersionDeleted(row.Number, [.. aliases.Select(alias => alias.Alias)], now + options.RestoreWindow), now);
            return null;
        }, cancellationToken)).Map(_ => Done.Instance);

    /// <summary>Brings a deleted version back, without the aliases it had.</summary>
    public async Task<Result<RegisteredVersion>> RestoreAsync(Caller caller, string name, int number, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var held = await places.HoldAsync(db, caller, name, RegistryPermissions.Delete, cancellationToken);
        if (!held.IsOk)
            return held.Refusal;
        await using var hold = held.Value;
        var row = await db.Versions.SingleOrDefaultAsync(one => one.ModelId == hold.Model.Id && one.Number == number, cancellationToken);
        if (row is null)
            return RegistryErrors.NoVersion(name, Text(number));
        if (row.DeletedAt is null)
            return RegistryErrors.NotDeleted();
        var now = time.GetMicrosecondNow();
        (row.DeletedAt, row.DeletedBy, row.UpdatedMs) = (null, null, now.ToUnixTimeMilliseconds());
        db.Record(caller, hold.Subject, new RegisteredVersionRestored(number), now);
        var saved = await hold.CommitAsync(db, caller, Done.Instance, now, cancellationToken);
        return saved.IsOk ? (await db.VersionsAsync([row], cancellationToken))[0] : saved.Refusal;
    }

    public async Task<Result<Done>> SetTagAsync(Caller caller, string name, string version, string key, string value, CancellationToken cancellationToken)
    {
        if (RegistryText.CheckTag(key, value) is { } wrong)
            return wrong;
        return (await ChangeAsync(caller, name, version, RegistryPermissions.Write, async (db, _, row, _) =>
        {
            if (await db.VersionTags.SingleOrDefaultAsync(tag => tag.ModelId == row.ModelId && tag.Number == row.Number && tag.Key == key, cancellationToken) is { } there)
                there.Value = value;
            else if (await db.VersionTags.CountAsync(tag => tag.ModelId == row.ModelId && tag.Number == row.Number, cancellationToken) >= RegistryText.MaxTags)
                return RegistryErrors.TooManyTags(RegistryText.MaxTags);
            else
                db.VersionTags.Add(new VersionTagRow { ModelId = row.ModelId, Number = row.Number, Key = key, Value = value });
            return null;
        }, cancellationToken)).Map(_ => Done.Instance);
    }

    /// <summary>A tag that is not there is gone already.</summary>
    public async Task<Result<Done>> DeleteTagAsync(Caller caller, string name, string version, string key, CancellationToken cancellationToken)
    {
        if (RegistryText.CheckKey(key) is { } wrong)
            return wrong;
        await using var db = databases.Open(caller.Tenant);
        var found = await FindAsync(db, caller, name, version, RegistryPermissions.Write, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var row = found.Value.Version;
        await db.VersionTags.Where(tag => tag.ModelId == row.ModelId && tag.Number == row.Number && tag.Key == key).ExecuteDeleteAsync(cancellationToken);
        return Done.Instance;
    }

    /// <summary>The files of a version, as they are now: the same as when it was registered, since what a version stands on is not changed any more.</summary>
    public async Task<Result<ImmutableArray<VersionFile>>> FilesAsync(Caller caller, RegisteredVersion version, CancellationToken cancellationToken) =>
        version.Files is { } files ? await sources.FilesAsync(caller, files, cancellationToken) : ImmutableArray<VersionFile>.Empty;

    /// <summary>What MLmodel says, with the input example; null where there is none.</summary>
    public async Task<Result<ModelManifest?>> ManifestAsync(Caller caller, RegisteredVersion version, CancellationToken cancellationToken)
    {
        var files = await FilesAsync(caller, version, cancellationToken);
        return files.IsOk ? new Result<ModelManifest?> { Value = await ManifestReader.ReadAsync(sources, files.Value, cancellationToken) } : files.Refusal;
    }

    internal async Task<Result<(RegisteredModelRow Model, VersionRow Version)>> FindAsync(
        RegistryDbContext db, Caller caller, string name, string version, Permission permission, CancellationToken cancellationToken)
    {
        var number = ModelPlaces.ParseNumber(version);
        if (!number.IsOk && RegistryText.CheckName("name", name) is null)
            return number.Refusal;
        var model = await places.FindAsync(db, caller, name, permission, cancellationToken);
        if (!model.IsOk)
            return model.Refusal is NotFound ? RegistryErrors.NoVersion(name, version) : model.Refusal;
        var row = await ModelPlaces.VersionAsync(db, model.Value, version, cancellationToken);
        return row.IsOk ? (model.Value, row.Value) : row.Refusal;
    }

    private async Task<Result<RegisteredVersion>> ChangeAsync(
        Caller caller, string name, string version, Permission permission, Func<RegistryDbContext, ModelHold, VersionRow, DateTimeOffset, Task<Refusal?>> change, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var found = await FindAsync(db, caller, name, version, permission, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        if (await ModelPlaces.HoldAsync(db, found.Value.Model.Id, cancellationToken) is not { } held)
            return RegistryErrors.NoVersion(name, version);
        await using var hold = held;
        var row = await db.Versions.SingleOrDefaultAsync(one => one.ModelId == hold.Model.Id && one.Number == found.Value.Version.Number && one.DeletedAt == null, cancellationToken);
        if (row is null)
            return RegistryErrors.NoVersion(name, version);
        var now = time.GetMicrosecondNow();
        if (await change(db, hold, row, now) is { } refusal)
            return refusal;
        var saved = await hold.CommitAsync(db, caller, Done.Instance, now, cancellationToken);
        return saved.IsOk ? (await db.VersionsAsync([row], cancellationToken))[0] : saved.Refusal;
    }

    /// <summary>Lets nobody change what lies at the source any more, and reads what it is.</summary>
    private async Task<Result<Standing>> StandOnAsync(Caller caller, ResolvedSource source, CancellationToken cancellationToken)
    {
        if (source.Files is not { } address)
            return Standing.Nothing;
        var pinned = await sources.PinAsync(caller, address, cancellationToken);
        if (pinned.Refusal is { } refusal)
            return refusal;
        if (pinned.Value is not { } pin)
            return Standing.Nothing;
        var files = await sources.FilesAsync(caller, address, cancellationToken);
        if (!files.IsOk)
            return files.Refusal;
        var manifest = await ManifestReader.ReadAsync(sources, files.Value, cancellationToken);
        return new Standing(pin, ManifestReader.Onnx(files.Value, manifest), manifest?.Flavors ?? []);
    }

    /// <summary>Another version with the same content has become a portal model version, or is on its way: this one follows it.</summary>
    private static async Task<bool> FollowsAsync(RegistryDbContext db, VersionRow row, CancellationToken cancellationToken)
    {
        var same = await db.Versions.AsNoTracking()
            .Where(version => version.ModelId == row.ModelId && version.Sha256 == row.Sha256 && version.PortalRefusal == null && version.DeletedAt == null)
            .OrderByDescending(version => version.PortalVersion != null).FirstOrDefaultAsync(cancellationToken);
        if (same is null)
            return false;
        (row.PortalModel, row.PortalVersion, row.PortalNumber) = (same.PortalModel, same.PortalVersion, same.PortalNumber);
        return true;
    }

    private static VersionRow NewRow(Caller caller, RegisteredModelRow model, NewRegisteredVersion request, ResolvedSource source, Standing standing, DateTimeOffset now)
    {
        var milliseconds = now.ToUnixTimeMilliseconds();
        model.UpdatedMs = milliseconds;
        return new VersionRow
        {
            ModelId = model.Id,
            Number = model.NextNumber++,
            Description = request.Description,
            Source = source.Source,
            Storage = source.Storage,
            Files = source.Files,
            RunId = source.RunId,
            LoggedModel = source.LoggedModel,
            RunLink = request.RunLink,
            CreatedMs = milliseconds,
            UpdatedMs = milliseconds,
            CreatedBy = caller.Name,
            Sha256 = standing.Pin?.Sha256,
            FileCount = standing.Pin?.Files ?? 0,
            Bytes = standing.Pin?.Bytes ?? 0,
            Flavors = [.. standing.Flavors],
        };
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <param name="Onnx">The file that the portal can run.</param>
    private sealed record Standing(PinnedArtifacts? Pin, VersionFile? Onnx, ImmutableArray<string> Flavors)
    {
        public static readonly Standing Nothing = new(null, null, []);
    }
}
