using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Tracking.Artifacts;
using MlOpsPortal.Tracking.Data;
using MlOpsPortal.Tracking.Runs;

namespace MlOpsPortal.Tracking.LoggedModels;

/// <summary>Every use case of one logged model. Ids come as the caller wrote them: a refusal repeats them.</summary>
public sealed class LoggedModelDesk
{
    private readonly ITenantDb<TrackingDbContext> databases;
    private readonly Places places;
    private readonly ArtifactOwners owners;
    private readonly TimeProvider time;

    internal LoggedModelDesk(ITenantDb<TrackingDbContext> databases, Places places, ArtifactOwners owners, TimeProvider time) =>
        (this.databases, this.places, this.owners, this.time) = (databases, places, owners, time);

    public async Task<Result<LoggedModel>> CreateAsync(Caller caller, CreateLoggedModel request, CancellationToken cancellationToken)
    {
        if (Check(request) is { } wrong)
            return wrong;
        await using var db = databases.Open(caller.Tenant);
        var place = await places.ExperimentAsync(await db.ConnectAsync(cancellationToken), caller, request.Experiment, TrackingPermissions.Log, cancellationToken);
        if (!place.IsOk)
            return place.Refusal;
        if (place.Value.RefuseDeleted() is { } deleted)
            return deleted;
        var now = time.GetMicrosecondNow();
        var row = new LoggedModelRow
        {
            Id = Id.New<LoggedModelId>(now),
            ExperimentId = place.Value.Id,
            Name = request.Name is { Length: > 0 } name ? name : RunNames.Next(),
            ModelType = request.ModelType,
            SourceRunId = request.SourceRunId,
            Status = LoggedModelStatus.Pending,
            CreatedMs = now.ToUnixTimeMilliseconds(),
            UpdatedMs = now.ToUnixTimeMilliseconds(),
            CreatedBy = caller.User,
        };
        db.LoggedModels.Add(row);
        foreach (var (key, value) in LoggedModelRules.LastOfEach(request.Params))
            db.LoggedModelParams.Add(new LoggedModelParamRow { ModelId = row.Id, Key = key, Value = value });
        foreach (var (key, value) in LoggedModelRules.LastOfEach(request.Tags))
            db.LoggedModelTags.Add(new LoggedModelTagRow { ModelId = row.Id, Key = key, Value = value });
        await db.SaveChangesAsync(cancellationToken);
        return (await LoggedModelReader.ReadAsync(db, [row.Id], cancellationToken)).Single();
    }

    /// <param name="orDeleted">A deleted one too.</param>
    public async Task<Result<LoggedModel>> GetAsync(Caller caller, string id, bool orDeleted, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var found = await FindAsync(db, caller, id, TrackingPermissions.View, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var model = (await LoggedModelReader.ReadAsync(db, [found.Value], cancellationToken)).Single();
        return model.IsDeleted && !orDeleted ? LoggedModelErrors.NotThere(id) : model;
    }

    public async Task<Result<LoggedModel>> FinalizeAsync(Caller caller, string id, LoggedModelStatus status, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var found = await FindAsync(db, caller, id, TrackingPermissions.Log, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var now = time.GetMicrosecondNow().ToUnixTimeMilliseconds();
        await db.LoggedModels.Where(model => model.Id == found.Value).ExecuteUpdateAsync(row => row.SetProperty(model => model.Status, status).SetProperty(model => model.UpdatedMs, now), cancellationToken);
        return (await LoggedModelReader.ReadAsync(db, [found.Value], cancellationToken)).Single();
    }

    /// <summary>Puts a model away; its artifacts stay until the window ends in which it can be restored. Deleting it again changes nothing.</summary>
    public Task<Result<Done>> DeleteAsync(Caller caller, string id, CancellationToken cancellationToken) => MarkAsync(caller, id, delete: true, cancellationToken);

    public Task<Result<Done>> RestoreAsync(Caller caller, string id, CancellationToken cancellationToken) => MarkAsync(caller, id, delete: false, cancellationToken);

    /// <summary>Parameters are written once: the same again is no fault, another value is.</summary>
    public async Task<Result<Done>> LogParamsAsync(Caller caller, string id, ImmutableArray<KeyValuePair<string, string>> given, CancellationToken cancellationToken)
    {
        if (LoggedModelRules.CheckTexts("params", given) is { } wrong)
            return wrong;
        await using var db = databases.Open(caller.Tenant);
        var found = await FindAsync(db, caller, id, TrackingPermissions.Log, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await UpsertAsync(db, "logged_model_params", "DO NOTHING", found.Value, [.. given.DistinctBy(param => param.Key, StringComparer.Ordinal)], cancellationToken);
        var keys = given.Select(param => param.Key).ToList();
        var stored = await db.LoggedModelParams.Where(param => param.ModelId == found.Value && keys.Contains(param.Key)).ToDictionaryAsync(param => param.Key, param => param.Value, StringComparer.Ordinal, cancellationToken);
        foreach (var (key, value) in given)
            if (stored[key] != value)
                return LoggedModelErrors.ParamChanged(key, stored[key], value); // and nothing of the call is kept
        await transaction.CommitAsync(cancellationToken);
        return Done.Instance;
    }

    public async Task<Result<Done>> SetTagsAsync(Caller caller, string id, ImmutableArray<KeyValuePair<string, string>> tags, CancellationToken cancellationToken)
    {
        if (LoggedModelRules.CheckTexts("tags", tags) is { } wrong)
            return wrong;
        await using var db = databases.Open(caller.Tenant);
        var found = await FindAsync(db, caller, id, TrackingPermissions.Log, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        await UpsertAsync(db, "logged_model_tags", "(tenant_id, model_id, key) DO UPDATE SET value = excluded.value", found.Value, LoggedModelRules.LastOfEach(tags), cancellationToken);
        return Done.Instance;
    }

    public async Task<Result<Done>> DeleteTagAsync(Caller caller, string id, string key, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var found = await FindAsync(db, caller, id, TrackingPermissions.Log, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var gone = await db.LoggedModelTags.Where(tag => tag.ModelId == found.Value && tag.Key == key).ExecuteDeleteAsync(cancellationToken);
        return gone > 0 ? Done.Instance : LoggedModelErrors.NoTag(key, id);
    }

    /// <summary>Notes on a model that a registered version was made of it, once.</summary>
    public async Task<Result<Done>> AddVersionAsync(Caller caller, LoggedModelId id, string name, string version, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var found = await FindAsync(db, caller, id.ToString(), TrackingPermissions.View, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT 1 FROM tracking.logged_models WHERE tenant_id = {db.Tenant.Value} AND id = {id.Value} FOR UPDATE", cancellationToken); // two versions at once are both noted
        var before = await db.LoggedModelTags.Where(tag => tag.ModelId == id && tag.Key == LoggedModelRules.VersionsTag).Select(tag => tag.Value).SingleOrDefaultAsync(cancellationToken);
        await UpsertAsync(
            db, "logged_model_tags", "(tenant_id, model_id, key) DO UPDATE SET value = excluded.value", id,
            [new(LoggedModelRules.VersionsTag, LoggedModelRules.WithoutDoubles(before ?? "", (name, version)))], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Done.Instance;
    }

    private async Task<Result<Done>> MarkAsync(Caller caller, string id, bool delete, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var address = new ArtifactAddress(ArtifactOwner.Of(LoggedModelId.Parse(id)), ArtifactPath.Root);
        var owner = await owners.DemandAsync(db, caller, address, TrackingPermissions.Delete, toWrite: false, cancellationToken);
        if (!owner.IsOk)
            return owner.Refusal;
        var row = await db.LoggedModels.SingleAsync(model => model.Id == LoggedModelId.Parse(id), cancellationToken);
        if (row.DeletedAt is not null == delete)
            return Done.Instance;
        var now = time.GetMicrosecondNow();
        (row.DeletedAt, row.UpdatedMs) = (delete ? now : null, now.ToUnixTimeMilliseconds());
        db.Record(caller, ArtifactOwners.Subject(address, owner.Value), delete ? new LoggedModelDeleted(row.Name) : new LoggedModelRestored(row.Name), now);
        await db.SaveChangesAsync(cancellationToken);
        return Done.Instance;
    }

    private async Task<Result<LoggedModelId>> FindAsync(TrackingDbContext db, Caller caller, string id, Permission permission, CancellationToken cancellationToken)
    {
        var model = LoggedModelId.Parse(id);
        var owner = await owners.DemandAsync(db, caller, new ArtifactAddress(ArtifactOwner.Of(model), ArtifactPath.Root), permission, toWrite: false, cancellationToken);
        return owner.IsOk ? model : owner.Refusal is NotFound ? LoggedModelErrors.NotThere(id) : owner.Refusal;
    }

    private static async Task UpsertAsync(
        TrackingDbContext db, string table, string conflict, LoggedModelId id, ImmutableArray<KeyValuePair<string, string>> texts, CancellationToken cancellationToken)
    {
        if (texts.IsEmpty)
            return;
        var connection = await db.ConnectAsync(cancellationToken);
        await using var command = connection.Sql(
            $"INSERT INTO tracking.{table} (tenant_id, model_id, key, value) SELECT $1, $2, text.key, text.value FROM unnest($3, $4) AS text (key, value) ON CONFLICT {conflict}",
            db.Tenant.Value, id.Value, texts.Select(text => text.Key).ToArray(), texts.Select(text => text.Value).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static Validation? Check(CreateLoggedModel request) =>
        LoggedModelRules.CheckName(request.Name ?? "") ?? LoggedModelRules.CheckLength("model_type", request.ModelType) ?? LoggedModelRules.CheckLength("source_run_id", request.SourceRunId)
        ?? LoggedModelRules.CheckTexts("params", request.Params) ?? LoggedModelRules.CheckTexts("tags", request.Tags);
}
