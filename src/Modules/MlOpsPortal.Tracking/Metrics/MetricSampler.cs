using System.Collections.Immutable;
using MlOpsPortal.Tracking.Data;
using Npgsql;

namespace MlOpsPortal.Tracking.Metrics;

/// <summary>A few points that stand for a history. Short ones are read and cut into equal parts, the first of each part kept, as MLflow does it; of long ones
/// the index is asked for the first point at or behind each of so many equal distances, which takes no longer for a million points than for a thousand.</summary>
internal static class MetricSampler
{
    /// <summary>Points up to which a history is read whole.</summary>
    public const int ReadWhole = 10_000;
    private const string Where = "FROM tracking.metrics WHERE run_no = $1 AND key_id = $2 AND step BETWEEN $3 AND $4";

    public static async Task<(ImmutableArray<Metric> Points, bool Sampled)> SampleAsync(
        NpgsqlConnection connection, long run, int number, string key, int most, long from, long to, CancellationToken cancellationToken)
    {
        await using var read = connection.Sql($"SELECT value, timestamp, step {Where} ORDER BY step, timestamp, value LIMIT {ReadWhole + 1}", run, number, from, to);
        var points = await MetricDesk.PointsAsync(read, key, cancellationToken);
        if (points.Count <= ReadWhole)
            return (Cut(points.ToImmutable(), most), points.Count > most);
        await using var end = connection.Sql($"SELECT value, timestamp, step {Where} ORDER BY step DESC, timestamp DESC, value DESC LIMIT 1", run, number, from, to);
        var (first, last) = (points[0], (await MetricDesk.PointsAsync(end, key, cancellationToken))[0]);
        var found = first.Step == last.Step
            ? await SkipAsync(connection, "timestamp", Distances(first.Timestamp, last.Timestamp, most), run, number, key, first.Step, cancellationToken)
            : await SkipAsync(connection, "step", Distances(first.Step, last.Step, most), run, number, key, first.Step, cancellationToken);
        return (WithLast([.. found.Distinct().Order(ByPlace)], last, most), true);
    }

    /// <summary>The first of each of <paramref name="most"/> equal parts, and the last point of all.</summary>
    public static ImmutableArray<Metric> Cut(ImmutableArray<Metric> points, int most)
    {
        if (points.Length == 0 || (points.Length <= most && most > 1))
            return points;
        var kept = new List<Metric>(most);
        var (size, more) = (points.Length / most, points.Length % most);
        for (int part = 0, at = 0; part < most && at < points.Length; part++)
        {
            kept.Add(points[at]);
            at += size + (part < more ? 1 : 0);
        }

        return WithLast(kept, points[^1], most);
    }

    private static Comparer<Metric> ByPlace { get; } = Comparer<Metric>.Create((a, b) => (a.Step, a.Timestamp).CompareTo((b.Step, b.Timestamp)));

    private static ImmutableArray<Metric> WithLast(List<Metric> kept, Metric last, int most)
    {
        if (kept.Count > 0 && kept[^1] == last)
            return [.. kept];
        if (kept.Count >= most)
            kept.RemoveAt(kept.Count - 1);
        kept.Add(last);
        return [.. kept];
    }

    private static async Task<List<Metric>> SkipAsync(
        NpgsqlConnection connection, string by, long[] distances, long run, int number, string key, long step, CancellationToken cancellationToken)
    {
        await using var read = connection.Sql(
            $"""
            SELECT point.value, point.timestamp, point.step FROM unnest($3::bigint[]) AS at(place) CROSS JOIN LATERAL (
                SELECT value, timestamp, step FROM tracking.metrics
                WHERE run_no = $1 AND key_id = $2 AND {(by == "step" ? "step >= at.place" : "step = $4 AND timestamp >= at.place")}
                ORDER BY step, timestamp, value LIMIT 1) point
            """, by == "step" ? [run, number, distances] : [run, number, distances, step]);
        return [.. await MetricDesk.PointsAsync(read, key, cancellationToken)];
    }

    private static long[] Distances(long first, long last, int most)
    {
        var span = (UInt128)(Int128)((Int128)last - first);
        return [.. Enumerable.Range(0, most).Select(index => (long)(first + (Int128)(span * (UInt128)index / (UInt128)most)))];
    }
}
