using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace MlOpsPortal.Benchmarks.Tracking;

/// <summary>
/// Fills an experiment with runs by the million, inside the database: one statement makes 10,000 runs with five parameters, four tags and four metrics each, so that neither
/// this process nor PostgreSQL ever holds more than that. The values are those of <see cref="Bodies"/>, which a client would log.
/// </summary>
internal sealed class RunGenerator(PortalPlace place)
{
    public const long FirstStart = 1_700_000_000_000;
    private const int Chunk = 10_000;

    private const string Insert =
        """
        WITH new AS (
            INSERT INTO tracking.runs (tenant_id, id, experiment_no, name, user_id, status, start_time, end_time, created_at, created_by)
            SELECT sample.tenant_id, gen_random_uuid(), sample.experiment_no, 'run-' || i, 'user-' || i % 1000, CASE WHEN i % 100 = 0 THEN @failed ELSE sample.status END,
                   @start + i, @start + 100000 + i, sample.created_at, sample.created_by
            FROM generate_series(@from, @to) AS i, (SELECT * FROM tracking.runs WHERE no = @sample) AS sample
            RETURNING tenant_id, no, experiment_no, start_time, start_time - @start AS i),
        texts AS (
            SELECT new.*, key, value FROM new, LATERAL (VALUES
                ('model', (ARRAY['tree', 'forest', 'linear', 'boosted', 'network'])[i % 5 + 1]), ('seed', i::text), ('lr', '0.' || i % 9 + 1), ('depth', (i % 20)::text), ('rows', '100000')) AS pair (key, value)),
        marks AS (
            SELECT new.*, key, value FROM new, LATERAL (VALUES
                ('mlflow.source.name', 'train.py'), ('mlflow.user', 'user-' || i % 1000), ('team', 'team-' || i % 100), ('stage', 'draft'), ('mlflow.runName', 'run-' || i)) AS pair (key, value)),
        points AS (
            SELECT new.*, key, value FROM new, LATERAL (VALUES
                ('acc', i * 7919 % 1000003 / 1000003.0), ('loss', i * 104729 % 1000003 / 1000003.0), ('auc', i * 1299709 % 1000003 / 1000003.0), ('f1', i * 15485863 % 1000003 / 1000003.0)) AS pair (key, value)),
        p AS (
            INSERT INTO tracking.params (tenant_id, run_no, key_id, experiment_no, start_time, value)
            SELECT texts.tenant_id, no, keys.id, experiment_no, start_time, value FROM texts JOIN tracking.keys ON keys.tenant_id = texts.tenant_id AND keys.name = key),
        t AS (
            INSERT INTO tracking.tags (tenant_id, run_no, key_id, experiment_no, start_time, value)
            SELECT marks.tenant_id, no, keys.id, experiment_no, start_time, value FROM marks JOIN tracking.keys ON keys.tenant_id = marks.tenant_id AND keys.name = key),
        m AS (
            INSERT INTO tracking.metrics (tenant_id, run_no, key_id, step, timestamp, value)
            SELECT points.tenant_id, no, keys.id, 0, start_time, value FROM points JOIN tracking.keys ON keys.tenant_id = points.tenant_id AND keys.name = key)
        INSERT INTO tracking.latest_metrics (tenant_id, run_no, key_id, experiment_no, start_time, step, timestamp, value)
        SELECT points.tenant_id, no, keys.id, experiment_no, start_time, 0, start_time, value FROM points JOIN tracking.keys ON keys.tenant_id = points.tenant_id AND keys.name = key
        """;

    /// <summary>Adds runs like a run that a client made: of its experiment, with its status.</summary>
    /// <param name="sample">The id of that run.</param>
    /// <param name="failed">The id of a run that failed.</param>
    public async Task FillAsync(string sample, string failed, int first, int count)
    {
        await using var database = NpgsqlDataSource.Create(place.Database + ";Command Timeout=0");
        var (number, status) = (await ValueAsync<long>(database, "no", sample), await ValueAsync<short>(database, "status", failed));
        var (since, highest) = (Stopwatch.StartNew(), 0.0);
        for (var from = first; from < first + count; from += Chunk)
        {
            await using var insert = database.CreateCommand(Insert);
            insert.Parameters.AddWithValue("sample", number);
            insert.Parameters.AddWithValue("failed", status);
            insert.Parameters.AddWithValue("start", FirstStart);
            insert.Parameters.AddWithValue("from", (long)from);
            insert.Parameters.AddWithValue("to", (long)Math.Min(from + Chunk, first + count) - 1);
            await insert.ExecuteNonQueryAsync();
            highest = Math.Max(highest, Process.GetCurrentProcess().WorkingSet64 / 1048576.0);
        }

        await using (var analyse = database.CreateCommand("ANALYZE tracking.runs, tracking.params, tracking.tags, tracking.metrics, tracking.latest_metrics"))
            await analyse.ExecuteNonQueryAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count:N0} runs filled in {since.Elapsed.TotalSeconds:F0} s; memory: this generator at most {highest:F0} MiB, the portal {place.MemoryMiB():F0} MiB"));
    }

    private static async Task<T> ValueAsync<T>(NpgsqlDataSource database, string column, string run)
    {
        await using var find = database.CreateCommand($"SELECT {column} FROM tracking.runs WHERE id = $1");
        find.Parameters.AddWithValue(Guid.ParseExact(run, "N"));
        return (T)(await find.ExecuteScalarAsync() ?? throw new InvalidOperationException($"The run {run} is not in the database."));
    }
}
