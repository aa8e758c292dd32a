using System.Globalization;

namespace MlOpsPortal.Engines.DuckDb;

/// <summary>What a Parquet file's footer claims, before any row is read. Bytes are those of all column chunks.</summary>
public sealed record ParquetFileReport(
    long Rows, long RowGroups, long Columns, long CompressedBytes, long UncompressedBytes, IReadOnlyList<string> Codecs, IReadOnlyList<ParquetFault> Faults)
{
    public bool IsAcceptable => Faults.Count == 0;
}

/// <summary>A reason not to read the file's rows: a stable code ("parquet.too_many_rows") and what was found, in English.</summary>
public sealed record ParquetFault(string Code, string Detail);

/// <summary>
/// Forty kilobytes of Parquet can hold a billion rows and burn both cores for a minute: the footer is judged first. It is DuckDB that reads it, so this too
/// runs in the closed child.
/// </summary>
public static class ParquetInspection
{
    public const long MaxRows = 100_000_000;
    public const long MaxColumns = 5_000;
    public const long MaxRowGroups = 100_000;
    public const long MaxUncompressedBytes = 64L << 30;
    public const long MaxRatio = 200;

    private static readonly string[] Codecs = ["UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW"];

    /// <exception cref="DuckDbException">The file is no Parquet, or its footer is broken.</exception>
    public static ParquetFileReport Inspect(DuckDbConnection connection, string path, CancellationToken cancellationToken = default)
    {
        long rows, groups;
        using (var file = connection.Query("SELECT num_rows, num_row_groups FROM parquet_file_metadata($1)", [path], cancellationToken))
        {
            if (!file.Read())
                throw new DuckDbException("The file has no Parquet footer.");
            (rows, groups) = (file.GetInt64(0), file.GetInt64(1));
        }

        using var chunks = connection.Query(
            """
            SELECT count(DISTINCT column_id), coalesce(sum(total_compressed_size), 0)::HUGEINT, coalesce(sum(total_uncompressed_size), 0)::HUGEINT,
                   coalesce(list(DISTINCT compression ORDER BY compression), []), coalesce(sum(row_group_num_rows) FILTER (column_id = 0), 0)::HUGEINT,
                   coalesce(bool_or(total_compressed_size < 0 OR total_uncompressed_size < 0 OR row_group_num_rows < 0), false)
            FROM parquet_metadata($1)
            """,
            [path],
            cancellationToken);
        chunks.Read();
        var columns = chunks.GetInt64(0);
        var (compressed, uncompressed, inGroups) = (chunks.GetInt128(1), chunks.GetInt128(2), chunks.GetInt128(4));
        var codecs = chunks.GetStrings(3).OfType<string>().ToArray();
        var faults = new List<ParquetFault>();
        AtMost("parquet.too_many_rows", "rows", rows, MaxRows);
        AtMost("parquet.too_many_columns", "columns", columns, MaxColumns);
        AtMost("parquet.too_many_row_groups", "row groups", groups, MaxRowGroups);
        AtMost("parquet.too_large", "uncompressed bytes", uncompressed, MaxUncompressedBytes);
        AtMost("parquet.ratio", "uncompressed bytes for each byte", uncompressed / Int128.Max(compressed, 1), MaxRatio);
        if (rows < 0 || inGroups != rows || chunks.GetBoolean(5))
            faults.Add(new("parquet.row_count", $"the footer says {Shown(rows)} rows, its row groups hold {Shown(inGroups)}"));
        foreach (var codec in codecs.Except(Codecs, StringComparer.Ordinal))
            faults.Add(new("parquet.codec", $"compressed with {codec}; {string.Join(", ", Codecs)} are read"));
        return new(rows, groups, columns, Saturated(compressed), Saturated(uncompressed), codecs, faults);

        void AtMost(string code, string what, Int128 found, long limit)
        {
            if (found > limit)
                faults.Add(new(code, $"{Shown(found)} {what}; at most {Shown(limit)} are taken"));
        }
    }

    private static string Shown(Int128 value) => value.ToString(CultureInfo.InvariantCulture);

    private static long Saturated(Int128 value) => (long)Int128.Clamp(value, long.MinValue, long.MaxValue);
}
