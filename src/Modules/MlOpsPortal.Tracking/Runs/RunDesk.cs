using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Tracking.Data;
using MlOpsPortal.Tracking.Logging;
using Npgsql;

namespace MlOpsPortal.Tracking.Runs;

/// <param name="Experiment">As the caller wrote it; null for the default one.</param>
/// <param name="StartTime">Milliseconds since 1970; null for now.</param>
public sealed record CreateRun(string? Experiment, string? UserId, string? Name, long? StartTime, ImmutableArray<KeyValuePair<string, string>> Tags);

/// <summary>What changes; null leaves it.</summary>
public sealed record UpdateRun(RunStatus? Status, long? EndTime, string? Name);

/// <summary>What a deletion put away.</summary>
/// <param name="Until">Until then it can be restored.</param>
public sealed record DeletedRun(int Params, int Tags, int Metrics, DateTimeOffset Until);

/// <summary>Every use case of one run but logging to it. Ids come as the caller wrote them: a refusal repeats them.</summary>
public sealed class RunDesk
{
    public const string NameTag = "mlflow.runName";
    public const string LoggedModelsTag = "mlflow.log-model.history";

    private static readonly string[] Mandatory = ["artifact_path", "flavors", "utc_time_created", "run_id"];

    private readonly ITenantDb<TrackingDbContext> databases;
    private readonly Places places;
    private readonly KeyBook keys;
    private readonly RunIds ids;
    private readonly Pulse pulse;
    private readonly TrackingOptions options;
    private readonly TimeProvider time;

    internal RunDesk(
        ITenantDb<TrackingDbContext> databases, Places places, KeyBook keys, RunIds ids, Pulse pulse, IOptions<TrackingOptions> options, TimeProvider time) =>
        (this.databases, this.places, this.keys, this.ids, this.pulse, this.options, this.time) = (databases, places, keys, ids, pulse, options.Value, time);

    public async Task<Result<Run>> CreateAsync(Caller caller, CreateRun request, CancellationToken cancellationToken)
    {
        var tags = request.Tags.Select(tag => KeyValuePair.Create(tag.Key, TrackingText.Cut(tag.Value, TrackingText.MaxTag))).ToList();
        var named = tags.FindLast(tag => tag.Key == NameTag).Value;
        if (request.Name is { Length: > 0 } wished && named is { Length: > 0 } && wished != named)
            return TrackingErrors.RunNames(wished, named);
        if (Check(tags) is { } wrong)
            return wrong;
        var name = request.Name is { Length: > 0 } ? request.Name : named is { Length: > 0 } ? named : RunNames.Next();
        if ((TrackingText.CheckLength("run_name", name, TrackingText.MaxTag) ?? TrackingText.CheckLength("user_id", request.UserId, 256)) is { } tooLong)
            return tooLong;
        tags.RemoveAll(tag => tag.Key == NameTag);
        tags.Add(KeyValuePair.Create(NameTag, name));

        await using var db = databases.Open(caller.Tenant);
        var connection = await db.ConnectAsync(cancellationToken);
        var place = await places.ExperimentAsync(connection, caller, request.Experiment is { Length: > 0 } id ? id : ExperimentId.Default.ToString(), TrackingPermissions.Log, cancellationToken);
        if (!place.IsOk)
            return place.Refusal;
        if (place.Value.RefuseDeleted() is { } deleted)
            return deleted;
        var now = time.GetMicrosecondNow();
        var info = new RunInfo(
            ids.Next(now), name, place.Value.Id, request.UserId ?? "", RunStatus.Running, request.StartTime ?? now.ToUnixTimeMilliseconds(), null, "", Deleted: false);
        await InsertAsync(connection, caller, place.Value, info, [.. tags.DistinctBy(tag => tag.Key, StringComparer.Ordinal)], now, cancellationToken);
        pulse.Beat(caller.Tenant, place.Value.Id, place.Value.Project.Scope);
        info = info with { ArtifactUri = $"{place.Value.ArtifactLocation}/{info.Id}/artifacts" };
        return new Run(info, [], [], [.. tags.DistinctBy(tag => tag.Key, StringComparer.Ordinal)], Inputs.RunInputs.None);
    }

    public async Task<Result<Run>> GetAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var connection = await db.ConnectAsync(cancellationToken);
        var place = await places.RunAsync(connection, caller, id, TrackingPermissions.View, cancellationToken);
        return place.IsOk ? (await RunReader.ReadAsync(connection, keys, [place.Value.No], cancellationToken))[0] : place.Refusal;
    }

    public async Task<Result<RunInfo>> UpdateAsync(Caller caller, string id, UpdateRun request, CancellationToken cancellationToken)
    {
        if (TrackingText.CheckLength("run_name", request.Name, TrackingText.MaxTag) is { } tooLong)
            return tooLong;
        await using var db = databases.Open(caller.Tenant);
        var connection = await db.ConnectAsync(cancellationToken);
        var place = await places.ActiveRunAsync(connection, caller, id, cancellationToken);
        if (!place.IsOk)
            return place.Refusal;
        await using (var update = connection.Sql(
            "UPDATE tracking.runs SET status = coalesce($2, status), end_time = coalesce($3, end_time), name = coalesce($4, name) WHERE id = $1", place.Value.Id.Value))
        {
            update.Parameters.Add(new NpgsqlParameter<short?> { TypedValue = (short?)request.Status });
            update.Parameters.Add(new NpgsqlParameter<long?> { TypedValue = request.EndTime });
            update.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = request.Name is { Length: > 0 } name ? name : null });
            await update.ExecuteNonQueryAsync(cancellationToken);
        }

        if (request.Name is { Length: > 0 } renamed)
            await TagWriter.SetAsync(connection, caller.Tenant, place.Value, (await keys.TakeAsync(connection, caller.Tenant, [NameTag], cancellationToken))[0], renamed, cancellationToken);
        pulse.Beat(caller.Tenant, place.Value.Experiment.Id, place.Value.Experiment.Project.Scope);
        return (await RunReader.ReadAsync(connection, keys, [place.Value.No], cancellationToken))[0].Info;
    }

    /// <summary>Puts a run away; until the window ends it can be restored. Again changes nothing.</summary>
    public async Task<Result<DeletedRun>> DeleteAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var connection = await db.ConnectAsync(cancellationToken);
        var place = await places.RunAsync(connection, caller, id, TrackingPermissions.Delete, cancellationToken);
        if (!place.IsOk)
            return place.Refusal;
        var now = time.GetMicrosecondNow();
        var run = (await RunReader.ReadAsync(connection, keys, [place.Value.No], cancellationToken))[0];
        var answer = new DeletedRun(run.Params.Length, run.Tags.Length, run.Metrics.Length, (place.Value.DeletedAt ?? now) + options.RestoreWindow);
        if (place.Value.DeletedAt is not null)
            return answer;
        var row = await db.Runs.SingleAsync(each => each.Id == place.Value.Id, cancellationToken);
        row.DeletedAt = now;
        db.Record(caller, place.Value.Subject, new RunDeleted(place.Value.Experiment.Name, answer.Params, answer.Tags, answer.Metrics, answer.Until), now);
        return await db.CommitAsync(caller, answer, now, cancellationToken);
    }

    /// <summary>Again changes nothing. A run of a deleted experiment comes back with the experiment.</summary>
    public async Task<Result<Done>> RestoreAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var place = await places.RunAsync(await db.ConnectAsync(cancellationToken), caller, id, TrackingPermissions.Delete, cancellationToken);
        if (!place.IsOk)
            return place.Refusal;
        if (place.Value.DeletedAt is null)
            return Done.Instance;
        var now = time.GetMicrosecondNow();
        var row = await db.Runs.SingleAsync(each => each.Id == place.Value.Id, cancellationToken);
        row.DeletedAt = null;
        db.Record(caller, place.Value.Subject, new RunRestored(place.Value.Experiment.Name), now);
        return await db.CommitAsync(caller, Done.Instance, now, cancellationToken);
    }

    public async Task<Result<Done>> DeleteTagAsync(Caller caller, string id, string key, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var connection = await db.ConnectAsync(cancellationToken);
        var place = await places.ActiveRunAsync(connection, caller, id, cancellationToken);
        if (!place.IsOk)
            return place.Refusal;
        if (await keys.FindAsync(connection, caller.Tenant, key, cancellationToken) is not { } number || !await TagWriter.DeleteAsync(connection, place.Value.No, number, cancellationToken))
            return TrackingErrors.NoTag(key, "run", id);
        pulse.Beat(caller.Tenant, place.Value.Experiment.Id, place.Value.Experiment.Project.Scope);
        return Done.Instance;
    }

    /// <summary>What clients before MLflow 3 say of a model that they wrote: it is noted in a tag of the run.</summary>
    /// <param name="modelJson">The model's MLmodel as JSON.</param>
    public async Task<Result<Done>> LogModelAsync(Caller caller, string id, string modelJson, CancellationToken cancellationToken)
    {
        var model = ReadModel(modelJson);
        if (!model.IsOk)
            return model.Refusal;
        await using var db = databases.Open(caller.Tenant);
        var connection = await db.ConnectAsync(cancellationToken);
        var place = await places.ActiveRunAsync(connection, caller, id, cancellationToken);
        if (!place.IsOk)
            return place.Refusal;
        var key = (await keys.TakeAsync(connection, caller.Tenant, [LoggedModelsTag], cancellationToken))[0];
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var before = await TagWriter.LockAsync(connection, place.Value.No, key, cancellationToken);
        if (Append(before, model.Value) is { } after)
            await TagWriter.SetAsync(connection, caller.Tenant, place.Value, key, after, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Done.Instance;
    }

    /// <returns>The list with the model in it; null when it is there already: clients repeat requests.</returns>
    private static string? Append(string? list, JsonObject model)
    {
        JsonArray models = [];
        try
        {
            models = list is null ? [] : JsonNode.Parse(list) as JsonArray ?? [];
        }
        catch (JsonException)
        {
            // A client set the tag to something of its own: the list begins anew.
        }

        if (models.Any(known => JsonNode.DeepEquals(known, model)))
            return null;
        models.Add(model.DeepClone());
        return models.ToJsonString();
    }

    private static Result<JsonObject> ReadModel(string modelJson)
    {
        JsonObject? model;
        try
        {
            model = JsonNode.Parse(modelJson) as JsonObject;
        }
        catch (JsonException)
        {
            return TrackingErrors.ModelJson("it is no JSON");
        }

        string[] missing = [.. Mandatory.Where(key => model?.ContainsKey(key) != true)];
        if (model is null || missing.Length > 0)
            return TrackingErrors.ModelJson($"missing mandatory fields {string.Join(", ", missing)}");
        // The signature may be long and is in the model's own file.
        model.Remove("signature");
        return model;
    }

    private async Task InsertAsync(
        NpgsqlConnection connection, Caller caller, ExperimentPlace place, RunInfo info, KeyValuePair<string, string>[] tags, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var numbers = await keys.TakeAsync(connection, caller.Tenant, [.. tags.Select(tag => tag.Key)], cancellationToken);
        await using var insert = connection.Sql(
            """
            WITH run AS (
                INSERT INTO tracking.runs (tenant_id, id, experiment_no, name, user_id, status, start_time, created_at, created_by)
                VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8) RETURNING no)
            INSERT INTO tracking.tags (tenant_id, run_no, key_id, experiment_no, start_time, value)
            SELECT $1, run.no, tag.key_id, $3, $6, tag.value FROM run, unnest($9::int[], $10::text[]) AS tag(key_id, value)
            """,
            caller.Tenant.Value, info.Id.Value, place.No, info.Name, info.UserId, info.StartTime, now, caller.User.Value, numbers, tags.Select(tag => tag.Value).ToArray());
        await insert.PrepareAsync(cancellationToken);
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    private static Validation? Check(List<KeyValuePair<string, string>> tags)
    {
        foreach (var tag in tags)
            if (TrackingText.CheckKey("key", tag.Key) is { } wrong)
                return wrong;
        return null;
    }
}
