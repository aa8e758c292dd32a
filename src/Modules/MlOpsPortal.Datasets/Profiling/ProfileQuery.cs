using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Engines.DuckDb;

namespace MlOpsPortal.Datasets.Profiling;

/// <summary>Computes a profile from a relation of our own types (a table, or Parquet that we wrote). One column after the other, so that memory holds
/// one column's distinct values at a time.</summary>
internal sealed class ProfileQuery(DuckDbConnection db, string relation, ImmutableArray<ColumnSchema> columns)
{
    private const int Bins = 20;
    private const int TopCount = 10;
    private const int TopOfNumbers = 50;
    private const int MaxCorrelated = 40;
    private static readonly ImmutableArray<double> Shares = [.01, .05, .25, .5, .75, .95, .99];

    /// <param name="progress">0..1</param>
    public DatasetProfile Run(Action<double> progress)
    {
        var rows = Scalar($"SELECT count(*) FROM {relation}");
        var profiles = ImmutableArray.CreateBuilder<ColumnProfile>(columns.Length);
        foreach (var column in columns)
        {
            profiles.Add(Column(column, rows));
            progress((double)profiles.Count / (columns.Length + 1));
        }

        return new DatasetProfile(rows, Duplicates(rows), profiles.ToImmutable(), Correlate(profiles.Where(profile => profile.Number is { Infinite: > 0 }).Select(profile => profile.Name).ToHashSet(StringComparer.Ordinal)));
    }

    private static bool IsNumeric(ColumnType type) => type is ColumnType.Integer or ColumnType.Number;

    private ColumnProfile Column(ColumnSchema column, long rows)
    {
        var name = DuckDbSql.Identifier(column.Name);
        long present, distinct;
        using (var reader = db.Query($"SELECT count({name}), count(DISTINCT {name}) FROM {relation}"))
        {
            reader.Read();
            (present, distinct) = (reader.GetInt64(0), reader.GetInt64(1));
        }

        var top = !IsNumeric(column.Type) || distinct <= TopOfNumbers ? Top(name) : [];
        return new ColumnProfile(
            column.Name, column.Type, rows - present, distinct,
            IsNumeric(column.Type) ? Number(name) : null,
            column.Type == ColumnType.Text && present > 0 ? Text(name) : null,
            column.Type is (ColumnType.Date or ColumnType.Timestamp) && present > 0 ? Range(name) : null,
            top);
    }

    private NumberProfile? Number(string name)
    {
        var value = $"CAST({name} AS DOUBLE)";
        long count, zeros, negative, infinite;
        double min, max, mean, sum;
        ImmutableArray<Quantile> quantiles;
        using (var reader = db.Query(
            $"""
            SELECT count(x) FILTER (isfinite(x)), min(x) FILTER (isfinite(x)), max(x) FILTER (isfinite(x)), favg(x) FILTER (isfinite(x)), fsum(x) FILTER (isfinite(x)),
                count(*) FILTER (x = 0), count(*) FILTER (x < 0), count(*) FILTER (isinf(x)), quantile_cont(x, {List(Shares)}) FILTER (isfinite(x))
            FROM (SELECT {value} AS x FROM {relation})
            """))
        {
            reader.Read();
            count = reader.GetInt64(0);
            if (count == 0)
                return null;
            (min, max, mean, sum) = (reader.GetDouble(1), reader.GetDouble(2), reader.GetDouble(3), reader.GetDouble(4));
            (zeros, negative, infinite) = (reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7));
            quantiles = [.. Shares.Zip(reader.GetDoubles(8), (share, quantile) => new Quantile(share, quantile))];
        }

        var (histogram, second, third, fourth) = Shape(value, min, max, mean);
        return new NumberProfile(
            min, max, mean, count > 1 ? Finite(Math.Sqrt(second / (count - 1))) : null, sum, zeros, negative, infinite, quantiles,
            Skewness(count, second, third), Kurtosis(count, second, fourth), histogram);
    }

    private static double? Skewness(double n, double second, double third) =>
        n < 3 || second == 0 ? null : Finite(n * Math.Sqrt(n - 1) / (n - 2) * third / Math.Pow(second, 1.5));

    private static double? Kurtosis(double n, double second, double fourth) =>
        n < 4 || second == 0
            ? null
            : Finite((n * (n + 1) * (n - 1) * fourth / ((n - 2) * (n - 3) * second * second)) - (3 * (n - 1) * (n - 1) / ((n - 2) * (n - 3))));

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    /// <summary>The second pass: counts per bin, and sums of powers of the distance from the mean, which a single pass would cancel.</summary>
    private (Histogram Histogram, double Second, double Third, double Fourth) Shape(string value, double min, double max, double mean)
    {
        if (min == max)
            (min, max) = (min - 0.5, max + 0.5);
        var step = (max - min) / Bins;
        var narrow = !double.IsFinite(step) || step == 0; // all in one bin: the span is beyond a double, or below its steps
        var bin = narrow ? "0" : $"least(CAST(floor((x - $2) / $1) AS INTEGER), {Bins - 1})";

        // The division may land a value one bin beside its edge; the comparison with the edges puts it right.
        using var reader = db.Query(
            $"""
            SELECT CASE WHEN x < bin * $1 + $2 THEN bin - 1 WHEN bin < {Bins - 1} AND x >= (bin + 1) * $1 + $2 THEN bin + 1 ELSE bin END AS bin,
                count(*), fsum(d * d), fsum(d * d * d), fsum(d * d * d * d)
            FROM (SELECT x, x - $3 AS d, {bin} AS bin FROM (SELECT {value} AS x FROM {relation}) WHERE isfinite(x))
            GROUP BY 1 ORDER BY 1
            """,
            [narrow ? 0.0 : step, min, mean]);
        var (counts, second, third, fourth) = (new long[narrow ? 1 : Bins], 0.0, 0.0, 0.0);
        while (reader.Read())
        {
            counts[Math.Clamp(reader.GetInt32(0), 0, counts.Length - 1)] += reader.GetInt64(1);
            (second, third, fourth) = (second + reader.GetDouble(2), third + reader.GetDouble(3), fourth + reader.GetDouble(4));
        }

        ImmutableArray<double> edges = narrow ? [min, max] : [.. Enumerable.Range(0, Bins).Select(edge => (edge * step) + min), max];
        return (new Histogram(edges, [.. counts]), second, third, fourth);
    }

    private TextProfile Text(string name)
    {
        using var reader = db.Query($"SELECT min(length({name})), max(length({name})), avg(length({name})) FROM {relation}");
        reader.Read();
        return new TextProfile(reader.GetInt64(0), reader.GetInt64(1), reader.GetDouble(2));
    }

    private RangeProfile Range(string name)
    {
        using var reader = db.Query($"SELECT CAST(min({name}) AS VARCHAR), CAST(max({name}) AS VARCHAR) FROM {relation}");
        reader.Read();
        return new RangeProfile(reader.GetString(0), reader.GetString(1));
    }

    private ImmutableArray<ValueCount> Top(string name)
    {
        var top = ImmutableArray.CreateBuilder<ValueCount>(TopCount);
        using var reader = db.Query(
            $"SELECT left(CAST({name} AS VARCHAR), 200), count(*) AS n FROM {relation} WHERE {name} IS NOT NULL GROUP BY {name} ORDER BY n DESC, CAST({name} AS VARCHAR) LIMIT {TopCount}");
        while (reader.Read())
            top.Add(new ValueCount(reader.GetString(0), reader.GetInt64(1)));
        return top.ToImmutable();
    }

    private long Duplicates(long rows)
    {
        var all = string.Join(", ", columns.Select(column => DuckDbSql.Identifier(column.Name)));
        return rows - Scalar($"SELECT count(*) FROM (SELECT DISTINCT hash({all}), hash(1, {all}) FROM {relation})");
    }

    private ImmutableArray<Correlation> Correlate(HashSet<string> infinite)
    {
        var numeric = columns.Where(column => IsNumeric(column.Type)).Select(column => column.Name).ToList();
        if (numeric.Count is < 2 or > MaxCorrelated)
            return [];
        var pairs = numeric.SelectMany((a, at) => numeric.Skip(at + 1).Select(b => (A: a, B: b))).ToList();
        var found = ImmutableArray.CreateBuilder<Correlation>(pairs.Count);
        foreach (var some in pairs.Chunk(200))
        {
            using var reader = db.Query($"SELECT {string.Join(", ", some.Select(Term))} FROM {relation}");
            reader.Read();
            for (var at = 0; at < some.Length; at++)
                found.Add(new Correlation(some[at].A, some[at].B, reader.IsNull(at) ? null : Finite(reader.GetDouble(at))));
        }

        return found.ToImmutable();

        // Missing values drop out by themselves, infinite ones must be left out.
        string Term((string A, string B) pair) =>
            $"corr({Double(pair.A)}, {Double(pair.B)})" + (infinite.Contains(pair.A) || infinite.Contains(pair.B) ? $" FILTER (isfinite({Double(pair.A)}) AND isfinite({Double(pair.B)}))" : "");
    }

    private static string Double(string name) => $"CAST({DuckDbSql.Identifier(name)} AS DOUBLE)";

    private static string List(ImmutableArray<double> values) => "[" + string.Join(", ", values.Select(value => value.ToString(CultureInfo.InvariantCulture))) + "]";

    private long Scalar(string sql)
    {
        using var reader = db.Query(sql);
        reader.Read();
        return reader.GetInt64(0);
    }
}
