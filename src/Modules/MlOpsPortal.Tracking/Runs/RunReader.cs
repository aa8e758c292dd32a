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
    public static async Task<ImmutableArray<Run>> ReadAsync(NpgsqlConnection connection, KeyBook keys, long[] numbers, CancellationToken cancellationToken)
    {
        if (numbers.Length == 0)
            return [];
        var parts = new Dictionary<long, Parts>(numbers.Length);
        var names = new Dictionary<int, string?>();
        await using (var batch = Batch(connection, numbers))
        {
            await batch.PrepareAsync(cancellationToken); // planned once per connection
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                parts.Add(reader.GetInt64(0), new Parts(Info(reader)));
            await EachAsync(reader, parts, (run, row) => run.Metrics.Add((Key(row), new Metric("", row.GetDouble(2), row.GetInt64(3), row.GetInt64(4)))), cancellationToken);
            await EachAsync(reader, parts, (run, row) => run.Params.Add((Key(row), row.GetString(2))), cancellationToken);
            await EachAsync(reader, parts, (run, row) => run.Tags.Add((Key(row), row.GetString(2))), cancellationToken);
            await EachAsync(reader, parts, static (run, row) => run.Datasets.Add(Dataset(row)), cancellationToken);
            await EachAsync(reader, parts, static (run, row) => run.Add(row.GetBoolean(1), new ModelOutput(row.GetString(2), row.GetInt64(3))), cancellationToken);
        }

        var unknown = names.Where(name => name.Value is null).Select(name => name.Key).ToArray();
        if (unknown.Length > 0)
            foreach (var (number, name) in await keys.NamesAsync(connection, unknown, cancellationToken))
                names[number] = name;
        var sorted = KeyNames.Of(names);
        return [.. numbers.Where(parts.ContainsKey).Select(number => parts[number].Run(sorted))];

        int Key(NpgsqlDataReader row)
        {
            var number = row.GetInt32(1);
            if (!names.ContainsKey(number))
                names[number] = keys.Name(number);
            return number;
        }
    }

    /// <summary>Keys come as their numbers: a page of runs has the same few names a hundred times.</summary>
    private static NpgsqlBatch Batch(NpgsqlConnection connection, long[] numbers)
    {
        var batch = new NpgsqlBatch(connection);
        batch.Sql(
            """
            SELECT r.no, r.id, r.name, e.id, r.user_id, r.status, r.start_time, r.end_time, e.artifact_location, r.deleted_at IS NOT NULL OR e.deleted_at IS NOT NULL
            FROM tracking.runs r JOIN tracking.experiments e ON e.no = r.experiment_no WHERE r.no = ANY($1)
            """, numbers);
        batch.Sql("SELECT run_no, key_id, value, timestamp, step FROM tracking.latest_metrics WHERE run_no = ANY($1)", numbers);
        batch.Sql("SELECT run_no, key_id, value FROM tracking.params WHERE run_no = ANY($1)", numbers);
        batch.Sql("SELECT run_no, key_id, value FROM tracking.tags WHERE run_no = ANY($1)", numbers);
        batch.Sql(
            """
            SELECT i.run_no, d.name, d.digest, d.source_type, d.source, d.schema, d.profile, i.tag_keys, i.tag_values
            FROM tracking.dataset_inputs i JOIN tracking.run_datasets d ON d.no = i.dataset_no WHERE i.run_no = ANY($1) ORDER BY i.position
            """, numbers);
        batch.Sql("SELECT run_no, is_output, model_id, step FROM tracking.run_models WHERE run_no = ANY($1) ORDER BY step, model_id", numbers);
        return batch;
    }

    private static async Task EachAsync(NpgsqlDataReader reader, Dictionary<long, Parts> runs, Action<Parts, NpgsqlDataReader> add, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        var (number, last) = (0L, default(Parts));
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetInt64(0) is var next && (last is null || next != number))
                (number, last) = (next, runs.GetValueOrDefault(next));
            if (last is not null)
                add(last, reader);
        }
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
        public List<(int Key, Metric Value)> Metrics { get; } = [];

        public List<(int Key, string Value)> Params { get; } = [];

        public List<(int Key, string Value)> Tags { get; } = [];

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

        public Run Run(KeyNames names) => new(
            info, names.Sort(Metrics, static (name, point) => point with { Key = name }), names.Sort(Params, KeyValuePair.Create), names.Sort(Tags, KeyValuePair.Create),
            new RunInputs(Datasets.ToImmutable(), Read.ToImmutable(), Written.ToImmutable()));
    }
}
