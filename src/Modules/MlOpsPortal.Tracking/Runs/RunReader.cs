using System.Collections.Immutable;
using MlOpsPortal.Tracking.Data;
using MlOpsPortal.Tracking.Inputs;
using MlOpsPortal.Tracking.Metrics;
using Npgsql;

namespace MlOpsPortal.Tracking.Runs;

/// <summary>Reads runs with everything but their histories, in one way there and back for all of them.</summary>
internal static class RunReader
{
    /// <param name="numbers">Runs that the caller may see.</param>
    /// <returns>In the order of the numbers.</returns>
    public static async Task<ImmutableArray<Run>> ReadAsync(NpgsqlConnection connection, long[] numbers, CancellationToken cancellationToken)
    {
        if (numbers.Length == 0)
            return [];
        await using var batch = new NpgsqlBatch(connection);
        batch.Sql(
            """
            SELECT r.no, r.id, r.name, e.id, r.user_id, r.status, r.start_time, r.end_time, e.artifact_location, r.deleted_at IS NOT NULL OR e.deleted_at IS NOT NULL
            FROM tracking.runs r JOIN tracking.experiments e ON e.no = r.experiment_no WHERE r.no = ANY($1)
            """, numbers);
        batch.Sql("SELECT m.run_no, k.name, m.value, m.timestamp, m.step FROM tracking.latest_metrics m JOIN tracking.keys k ON k.id = m.key_id WHERE m.run_no = ANY($1) ORDER BY k.name", numbers);
        batch.Sql("SELECT p.run_no, k.name, p.value FROM tracking.params p JOIN tracking.keys k ON k.id = p.key_id WHERE p.run_no = ANY($1) ORDER BY k.name", numbers);
        batch.Sql("SELECT t.run_no, k.name, t.value FROM tracking.tags t JOIN tracking.keys k ON k.id = t.key_id WHERE t.run_no = ANY($1) ORDER BY k.name", numbers);
        batch.Sql(
            """
            SELECT i.run_no, d.name, d.digest, d.source_type, d.source, d.schema, d.profile, i.tag_keys, i.tag_values
            FROM tracking.dataset_inputs i JOIN tracking.run_datasets d ON d.no = i.dataset_no WHERE i.run_no = ANY($1) ORDER BY i.position
            """, numbers);
        batch.Sql("SELECT run_no, is_output, model_id, step FROM tracking.run_models WHERE run_no = ANY($1) ORDER BY step, model_id", numbers);
        await batch.PrepareAsync(cancellationToken); // planned once per connection
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);

        var parts = new Dictionary<long, Parts>(numbers.Length);
        while (await reader.ReadAsync(cancellationToken))
            parts.Add(reader.GetInt64(0), new Parts(Info(reader)));
        await EachAsync(reader, parts, static (run, row) => run.Metrics.Add(new Metric(row.GetString(1), row.GetDouble(2), row.GetInt64(3), row.GetInt64(4))), cancellationToken);
        await EachAsync(reader, parts, static (run, row) => run.Params.Add(KeyValuePair.Create(row.GetString(1), row.GetString(2))), cancellationToken);
        await EachAsync(reader, parts, static (run, row) => run.Tags.Add(KeyValuePair.Create(row.GetString(1), row.GetString(2))), cancellationToken);
        await EachAsync(reader, parts, static (run, row) => run.Datasets.Add(Dataset(row)), cancellationToken);
        await EachAsync(reader, parts, static (run, row) => run.Add(row.GetBoolean(1), new ModelOutput(row.GetString(2), row.GetInt64(3))), cancellationToken);
        return [.. numbers.Where(parts.ContainsKey).Select(number => parts[number].Run())];
    }

    private static async Task EachAsync(NpgsqlDataReader reader, Dictionary<long, Parts> runs, Action<Parts, NpgsqlDataReader> add, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            if (runs.TryGetValue(reader.GetInt64(0), out var run))
                add(run, reader);
    }

    private static RunInfo Info(NpgsqlDataReader row)
    {
        var id = new RunId(row.GetGuid(1));
        return new RunInfo(
            id, row.GetString(2), new(row.GetGuid(3)), row.GetString(4), (RunStatus)row.GetInt16(5), row.GetInt64(6), row.IsDBNull(7) ? null : row.GetInt64(7),
            $"{row.GetString(8)}/{id}/artifacts", row.GetBoolean(9));
    }

    private static DatasetInput Dataset(NpgsqlDataReader row)
    {
        var (keys, values) = (row.GetFieldValue<string[]>(7), row.GetFieldValue<string[]>(8));
        return new DatasetInput(
            new RunDataset(row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.TextOrNull(5), row.TextOrNull(6)),
            [.. keys.Select((key, index) => KeyValuePair.Create(key, values[index]))]);
    }

    private sealed class Parts(RunInfo info)
    {
        public ImmutableArray<Metric>.Builder Metrics { get; } = ImmutableArray.CreateBuilder<Metric>();

        public ImmutableArray<KeyValuePair<string, string>>.Builder Params { get; } = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();

        public ImmutableArray<KeyValuePair<string, string>>.Builder Tags { get; } = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();

        public ImmutableArray<DatasetInput>.Builder Datasets { get; } = ImmutableArray.CreateBuilder<DatasetInput>();

        private ImmutableArray<string>.Builder Read { get; } = ImmutableArray.CreateBuilder<string>();

        private ImmutableArray<ModelOutput>.Builder Written { get; } = ImmutableArray.CreateBuilder<ModelOutput>();

        public void Add(bool isOutput, ModelOutput model)
        {
            if (isOutput)
                Written.Add(model);
            else
                Read.Add(model.ModelId);
        }

        public Run Run() => new(info, Metrics.ToImmutable(), Params.ToImmutable(), Tags.ToImmutable(), new RunInputs(Datasets.ToImmutable(), Read.ToImmutable(), Written.ToImmutable()));
    }
}
