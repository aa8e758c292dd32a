using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Tracking.Data;
using Npgsql;

namespace MlOpsPortal.Tracking.Logging;

/// <summary>A batch as columns for <c>unnest</c>. All ascend by key, so that two batches take locks in one order.</summary>
internal sealed class BatchRows
{
    private int[] metricKeys = [];
    private long[] steps = [];
    private long[] timestamps = [];
    private double[] values = [];
    private int[] latest = [];
    private int[] tagKeys = [];
    private string[] tagValues = [];
    private LoggedMetric[] ofModels = [];

    public int[] ParamKeys { get; private set; } = [];

    public string[] ParamValues { get; private set; } = [];

    /// <summary>Is there anything but parameters?</summary>
    public bool HasMore => metricKeys.Length > 0 || tagKeys.Length > 0;

    /// <summary>The run's new name, when its name's tag is among the tags.</summary>
    private string? name;

    public static async Task<BatchRows> OfAsync(LogBatch batch, KeyBook keys, NpgsqlConnection connection, TenantId tenant, CancellationToken cancellationToken)
    {
        string[] names = [.. batch.Metrics.Select(metric => metric.Key), .. batch.Params.Select(param => param.Key), .. batch.Tags.Select(tag => tag.Key)];
        var numbers = await keys.TakeAsync(connection, tenant, names, cancellationToken);
        var rows = new BatchRows();
        rows.TakeMetrics(batch.Metrics, numbers.AsSpan(0, batch.Metrics.Count));
        (rows.ParamKeys, rows.ParamValues) = Pairs(batch.Params, numbers.AsSpan(batch.Metrics.Count, batch.Params.Count), TrackingText.MaxParam);
        (rows.tagKeys, rows.tagValues) = Pairs(batch.Tags, numbers.AsSpan(batch.Metrics.Count + batch.Params.Count), TrackingText.MaxTag);
        rows.name = batch.Tags.LastOrDefault(tag => tag.Key == Runs.RunDesk.NameTag).Value;
        return rows;
    }

    public void Add(NpgsqlBatch batch, TenantId tenant, RunPlace run)
    {
        if (metricKeys.Length > 0)
            AddMetrics(batch, tenant, run);
        if (ofModels.Length > 0)
            AddModelMetrics(batch, tenant, run);
        if (tagKeys.Length > 0)
            batch.Sql(TagWriter.Upsert, tenant.Value, run.No, run.Experiment.No, run.StartTime, tagKeys, tagValues);
        if (name is { Length: > 0 })
            batch.Sql("UPDATE tracking.runs SET name = $2 WHERE no = $1", run.No, TrackingText.Cut(name, TrackingText.MaxTag));
    }

    private void AddMetrics(NpgsqlBatch batch, TenantId tenant, RunPlace run)
    {
        batch.Sql(
            """
            INSERT INTO tracking.metrics (tenant_id, run_no, key_id, step, timestamp, value)
            SELECT $1, $2, * FROM unnest($3::int[], $4::bigint[], $5::bigint[], $6::float8[])
            ON CONFLICT DO NOTHING
            """, tenant.Value, run.No, metricKeys, steps, timestamps, values);
        batch.Sql(
            """
            INSERT INTO tracking.latest_metrics (tenant_id, run_no, experiment_no, start_time, key_id, step, timestamp, value)
            SELECT $1, $2, $3, $4, * FROM unnest($5::int[], $6::bigint[], $7::bigint[], $8::float8[])
            ON CONFLICT (run_no, key_id) DO UPDATE SET step = excluded.step, timestamp = excluded.timestamp, value = excluded.value
            WHERE (excluded.step, excluded.timestamp, excluded.value) > (latest_metrics.step, latest_metrics.timestamp, latest_metrics.value)
            """, tenant.Value, run.No, run.Experiment.No, run.StartTime, Of(metricKeys), Of(steps), Of(timestamps), Of(values));
    }

    /// <summary>The first value at a place stays, as for a run's own points. Only models of the run's own project take points: nobody writes into what she may not see.</summary>
    private void AddModelMetrics(NpgsqlBatch batch, TenantId tenant, RunPlace run) =>
        batch.Sql(
            """
            INSERT INTO tracking.logged_model_metrics (tenant_id, model_id, key, step, timestamp, run_id, value, dataset_name, dataset_digest)
            SELECT $1, m.model_id, m.key, m.step, m.timestamp, $2, m.value, m.dataset_name, m.dataset_digest
            FROM unnest($3::uuid[], $4::text[], $5::bigint[], $6::bigint[], $7::float8[], $8::text[], $9::text[]) AS m(model_id, key, step, timestamp, value, dataset_name, dataset_digest)
            JOIN tracking.logged_models model ON model.tenant_id = $1 AND model.id = m.model_id
            JOIN tracking.experiments e ON e.tenant_id = $1 AND e.id = model.experiment_id AND e.project_id = $10
            ON CONFLICT DO NOTHING
            """,
            tenant.Value, run.Id.Value, ofModels.Select(metric => LoggedModelId.Parse(metric.ModelId).Value).ToArray(), ofModels.Select(metric => metric.Key).ToArray(),
            ofModels.Select(metric => metric.Step).ToArray(), ofModels.Select(metric => metric.Timestamp).ToArray(), ofModels.Select(metric => Finite(metric.Value)).ToArray(),
            ofModels.Select(metric => metric.DatasetName ?? "").ToArray(), ofModels.Select(metric => metric.DatasetDigest ?? "").ToArray(), run.Experiment.Project.Value);

    private void TakeMetrics(IReadOnlyList<LoggedMetric> metrics, ReadOnlySpan<int> numbers)
    {
        var order = new (int Key, long Step, long Timestamp, double Value)[metrics.Count];
        for (var index = 0; index < order.Length; index++)
            order[index] = (numbers[index], metrics[index].Step, metrics[index].Timestamp, Finite(metrics[index].Value));
        Array.Sort(order, static (a, b) =>
            a.Key != b.Key ? a.Key.CompareTo(b.Key) : a.Step != b.Step ? a.Step.CompareTo(b.Step) : a.Timestamp != b.Timestamp ? a.Timestamp.CompareTo(b.Timestamp) : Compare(a.Value, b.Value));
        metricKeys = Array.ConvertAll(order, static row => row.Key);
        steps = Array.ConvertAll(order, static row => row.Step);
        timestamps = Array.ConvertAll(order, static row => row.Timestamp);
        values = Array.ConvertAll(order, static row => row.Value);
        latest = [.. Enumerable.Range(0, order.Length).Where(index => index == order.Length - 1 || order[index].Key != order[index + 1].Key)];
        ofModels = [.. metrics.Where(metric => metric.ModelId is { Length: > 0 } && LoggedModelId.Parse(metric.ModelId) != default)
            .OrderBy(metric => metric.ModelId, StringComparer.Ordinal).ThenBy(metric => metric.Key, StringComparer.Ordinal).ThenBy(metric => metric.Timestamp).ThenBy(metric => metric.Step)];
    }

    /// <summary>As PostgreSQL sorts: NaN above everything.</summary>
    private static int Compare(double a, double b) => double.IsNaN(a) || double.IsNaN(b) ? double.IsNaN(a).CompareTo(double.IsNaN(b)) : a.CompareTo(b);

    private T[] Of<T>(T[] column) => Array.ConvertAll(latest, index => column[index]);

    /// <summary>Infinities as the greatest doubles, as MLflow keeps them.</summary>
    private static double Finite(double value) => double.IsInfinity(value) ? double.CopySign(double.MaxValue, value) : value;

    /// <summary>Of a key that stands there twice the last value counts.</summary>
    private static (int[] Keys, string[] Values) Pairs(IReadOnlyList<KeyValuePair<string, string>> pairs, ReadOnlySpan<int> numbers, int most)
    {
        if (pairs.Count == 0)
            return ([], []);
        var last = new SortedDictionary<int, string>();
        for (var index = 0; index < pairs.Count; index++)
            last[numbers[index]] = TrackingText.Cut(pairs[index].Value, most);
        return ([.. last.Keys], [.. last.Values]);
    }
}
