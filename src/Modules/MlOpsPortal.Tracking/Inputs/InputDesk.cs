using System.Collections.Immutable;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Tracking.Data;
using Npgsql;

namespace MlOpsPortal.Tracking.Inputs;

/// <summary>Notes what a run read and wrote. The same again changes nothing.</summary>
public sealed class InputDesk
{
    public const int MaxDatasets = 1_000;
    private const int MaxName = 500;
    private const int MaxDigest = 36;
    private const int MaxSchema = 1_048_575;
    private const int MaxSource = 65_535;
    private const int MaxProfile = 16_777_215;
    private const int MaxTagKey = 255;
    private const int MaxTagValue = 500;

    private readonly ITenantDb<TrackingDbContext> databases;
    private readonly Places places;
    private readonly Pulse pulse;

    internal InputDesk(ITenantDb<TrackingDbContext> databases, Places places, Pulse pulse) => (this.databases, this.places, this.pulse) = (databases, places, pulse);

    /// <summary>A dataset is known in its experiment by name and digest: the first description stays.</summary>
    /// <param name="id">The run, as the caller wrote it.</param>
    /// <param name="models">Ids of logged models, as the caller wrote them.</param>
    public async Task<Result<Done>> LogInputsAsync(Caller caller, string id, ImmutableArray<DatasetInput> datasets, ImmutableArray<string> models, CancellationToken cancellationToken)
    {
        if (Check(datasets) is { } wrong)
            return wrong;
        await using var db = databases.Open(caller.Tenant);
        var connection = await db.ConnectAsync(cancellationToken);
        var place = await places.ActiveRunAsync(connection, caller, id, cancellationToken);
        if (!place.IsOk)
            return place.Refusal;
        await using var batch = new NpgsqlBatch(connection);
        DatasetInput[] distinct = [.. datasets.DistinctBy(input => (input.Dataset.Name, input.Dataset.Digest)).OrderBy(input => input.Dataset.Name, StringComparer.Ordinal)];
        foreach (var (input, position) in distinct.Select((input, position) => (input, position)))
            Add(batch, caller, place.Value, input, position);
        AddModels(batch, caller, place.Value, isOutput: false, [.. models.Select(model => new ModelOutput(model, 0))]);
        return await SaveAsync(batch, caller, place.Value, cancellationToken);
    }

    /// <param name="id">The run, as the caller wrote it.</param>
    public async Task<Result<Done>> LogOutputsAsync(Caller caller, string id, ImmutableArray<ModelOutput> models, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var connection = await db.ConnectAsync(cancellationToken);
        var place = await places.ActiveRunAsync(connection, caller, id, cancellationToken);
        if (!place.IsOk)
            return place.Refusal;
        await using var batch = new NpgsqlBatch(connection);
        AddModels(batch, caller, place.Value, isOutput: true, models);
        return await SaveAsync(batch, caller, place.Value, cancellationToken);
    }

    private async Task<Result<Done>> SaveAsync(NpgsqlBatch batch, Caller caller, RunPlace run, CancellationToken cancellationToken)
    {
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancellationToken);
        pulse.Beat(caller.Tenant, run.Experiment.Id, run.Experiment.Project.Scope);
        return Done.Instance;
    }

    private static void Add(NpgsqlBatch batch, Caller caller, RunPlace run, DatasetInput input, int position)
    {
        var dataset = input.Dataset;
        batch.Sql(
            """
            INSERT INTO tracking.run_datasets (tenant_id, experiment_no, name, digest, source_type, source, schema, profile) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (tenant_id, experiment_no, name, digest) DO NOTHING
            """,
            caller.Tenant.Value, run.Experiment.No, dataset.Name, dataset.Digest, dataset.SourceType, dataset.Source, new NpgsqlParameter<string?> { TypedValue = dataset.Schema },
            new NpgsqlParameter<string?> { TypedValue = dataset.Profile });
        batch.Sql(
            """
            INSERT INTO tracking.dataset_inputs (tenant_id, run_no, dataset_no, start_time, position, tag_keys, tag_values, context)
            SELECT $1, $2, no, $3, $4, $5, $6, $7 FROM tracking.run_datasets WHERE tenant_id = $1 AND experiment_no = $8 AND name = $9 AND digest = $10
            ON CONFLICT DO NOTHING
            """,
            caller.Tenant.Value, run.No, run.StartTime, position, input.Tags.Select(tag => tag.Key).ToArray(), input.Tags.Select(tag => tag.Value).ToArray(),
            new NpgsqlParameter<string?> { TypedValue = input.Context }, run.Experiment.No, dataset.Name, dataset.Digest);
    }

    private static void AddModels(NpgsqlBatch batch, Caller caller, RunPlace run, bool isOutput, ImmutableArray<ModelOutput> models)
    {
        if (models.IsEmpty)
            return;
        ModelOutput[] distinct = [.. models.DistinctBy(model => model.ModelId, StringComparer.Ordinal).OrderBy(model => model.ModelId, StringComparer.Ordinal)];
        batch.Sql(
            "INSERT INTO tracking.run_models (tenant_id, run_no, is_output, model_id, step) SELECT $1, $2, $3, * FROM unnest($4::text[], $5::bigint[]) ON CONFLICT DO NOTHING",
            caller.Tenant.Value, run.No, isOutput, distinct.Select(model => model.ModelId).ToArray(), distinct.Select(model => model.Step).ToArray());
    }

    private static Validation? Check(ImmutableArray<DatasetInput> inputs)
    {
        if (inputs.Length > MaxDatasets)
            return TrackingErrors.TooMany("datasets", MaxDatasets, inputs.Length);
        foreach (var input in inputs)
        {
            var dataset = input.Dataset;
            if ((TrackingText.CheckLength("name", dataset.Name, MaxName) ?? TrackingText.CheckLength("digest", dataset.Digest, MaxDigest) ?? TrackingText.CheckLength("source", dataset.Source, MaxSource)
                ?? TrackingText.CheckLength("schema", dataset.Schema, MaxSchema) ?? TrackingText.CheckLength("profile", dataset.Profile, MaxProfile)) is { } wrong)
                return wrong;
            foreach (var tag in input.Tags)
                if ((TrackingText.CheckLength("key", tag.Key, MaxTagKey) ?? TrackingText.CheckLength("value", tag.Value, MaxTagValue)) is { } wrongTag)
                    return wrongTag;
        }

        return null;
    }
}
