using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Datasets.Profiling;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Datasets.Reading;

/// <summary>A Parquet file that a user brought. Its metadata is looked at before a single value is read: 40 kB can say a thousand million rows.</summary>
internal sealed class ParquetSource : IDataSource
{
    public const long MaxRows = 100_000_000;

    /// <summary>Bytes after decompression per byte of file.</summary>
    public const long MaxRatio = 200;
    private ParquetSource(string from, ImmutableArray<ColumnSchema> columns, ImmutableArray<string> expressions, ImmutableArray<FileNote> notes)
    {
        Columns = columns;
        Shape = new FileShape(FileFormat.Parquet, null, null, null, notes);
        Select = $"SELECT {string.Join(", ", columns.Zip(expressions, (column, expression) => $"{expression} AS {DuckDbSql.Identifier(column.Name)}"))} FROM {from}";
    }

    public FileShape Shape { get; }

    public ImmutableArray<ColumnSchema> Columns { get; }

    public string Select { get; }

    public ImmutableArray<ImmutableArray<string?>> Preview { get; private set; } = [];

    public static Result<IDataSource> Open(DuckDbConnection db, string path, long length, int maxColumns, int previewRows)
    {
        try
        {
            if (Check(db, path, length, maxColumns) is { } refusal)
                return refusal;
            return Describe(db, path, previewRows);
        }
        catch (DuckDbException failure)
        {
            return Explain(failure, path);
        }
    }

    /// <summary>The engine's first line, without its own words for kinds of errors and without our places.</summary>
    public static Validation Explain(DuckDbException failure, string path)
    {
        var said = failure.Message.Split('\n')[0];
        var reason = said[(said.IndexOf("Error: ", StringComparison.Ordinal) is var kind and >= 0 ? kind + "Error: ".Length : 0)..];
        return Refuse("datasets.bad_parquet", reason.Replace($" in file '{path}'", "", StringComparison.Ordinal).Replace(path, "the file", StringComparison.Ordinal));
    }

    public Result<Done> Widen() => throw new InvalidOperationException("Parquet has types of its own.");

    private static Validation? Check(DuckDbConnection db, string path, long length, int maxColumns)
    {
        var file = DuckDbSql.Literal(path);
        using (var reader = db.Query($"SELECT num_rows FROM parquet_file_metadata({file})"))
        {
            reader.Read();
            if (reader.GetInt64(0) is < 0 or > MaxRows)
                return Refuse("datasets.too_many_rows", Text(reader.GetInt64(0)), Text(MaxRows));
        }

        using (var reader = db.Query($"SELECT count(*) FILTER (num_children IS NULL OR num_children = 0), count(*) FILTER (num_children > 0) FROM parquet_schema({file})"))
        {
            reader.Read();
            if (reader.GetInt64(0) > maxColumns)
                return Refuse("datasets.too_many_columns", Text(reader.GetInt64(0)), Text(maxColumns));
        }

        using (var reader = db.Query($"SELECT coalesce(sum(total_uncompressed_size), 0), min(total_uncompressed_size), count(*) FILTER (compression = 'BROTLI') FROM parquet_metadata({file})"))
        {
            reader.Read();
            if (reader.GetInt64(2) > 0)
                return Refuse("datasets.brotli");
            if ((!reader.IsNull(1) && reader.GetInt64(1) < 0) || reader.GetInt128(0) > (Int128)length * MaxRatio)
                return Refuse("datasets.too_dense", Text(MaxRatio));
        }

        return null;
    }

    private static Result<IDataSource> Describe(DuckDbConnection db, string path, int previewRows)
    {
        var from = $"read_parquet({DuckDbSql.Literal(path)})";
        var (given, types) = (new List<string>(), new List<DuckDbType>());
        using (var reader = db.Query($"SELECT * FROM {from} LIMIT 0"))
            foreach (var column in reader.Columns)
            {
                given.Add(column.Name);
                types.Add(column.Type);
            }

        var notes = ImmutableArray.CreateBuilder<FileNote>();
        var names = CsvDialect.Names_(given, notes);
        var columns = ImmutableArray.CreateBuilder<ColumnSchema>(names.Length);
        var casts = ImmutableArray.CreateBuilder<string>(names.Length);
        for (var at = 0; at < names.Length; at++)
        {
            if (Ours(types[at]) is not { } type)
                return Refuse("datasets.unsupported_type", names[at], types[at].ToString());
            columns.Add(new ColumnSchema(names[at], type, HasMissing: true));
            var cast = $"CAST({DuckDbSql.Identifier(given[at])} AS {ColumnCast.Sql(type)})";
            casts.Add(type == ColumnType.Number ? $"CASE WHEN NOT isnan({cast}) THEN {cast} END" : cast);
        }

        var source = new ParquetSource(from, columns.ToImmutable(), casts.ToImmutable(), notes.ToImmutable());
        source.Preview = PreviewRows.Read(db, $"({source.Select})", source.Columns, previewRows);
        return source;
    }

    private static ColumnType? Ours(DuckDbType type) => type switch
    {
        DuckDbType.Boolean => ColumnType.Boolean,
        DuckDbType.TinyInt or DuckDbType.SmallInt or DuckDbType.Integer or DuckDbType.BigInt or DuckDbType.UTinyInt or DuckDbType.USmallInt or DuckDbType.UInteger => ColumnType.Integer,
        DuckDbType.UBigInt or DuckDbType.HugeInt or DuckDbType.UHugeInt or DuckDbType.Float or DuckDbType.Double or DuckDbType.Decimal => ColumnType.Number,
        DuckDbType.Varchar or DuckDbType.Enum or DuckDbType.Uuid or DuckDbType.Time => ColumnType.Text,
        DuckDbType.Date => ColumnType.Date,
        DuckDbType.Timestamp or DuckDbType.TimestampSeconds or DuckDbType.TimestampMilliseconds or DuckDbType.TimestampNanoseconds or DuckDbType.TimestampTz => ColumnType.Timestamp,
        _ => null,
    };

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static Validation Refuse(string code, params ImmutableArray<string> args) => new(code, args) { Kind = ValidationKind.Unprocessable };
}

/// <summary>The first rows of a relation as text.</summary>
internal static class PreviewRows
{
    private const int MaxCells = 50_000;

    public static ImmutableArray<ImmutableArray<string?>> Read(DuckDbConnection db, string relation, ImmutableArray<ColumnSchema> columns, int count)
    {
        var some = Math.Max(1, Math.Min(count, MaxCells / Math.Max(1, columns.Length)));
        var texts = string.Join(", ", columns.Select(column => $"left(CAST({DuckDbSql.Identifier(column.Name)} AS VARCHAR), 500)"));
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<string?>>();
        using var reader = db.Query($"SELECT {texts} FROM {relation} LIMIT {some.ToString(CultureInfo.InvariantCulture)}");
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, columns.Length).Select(at => reader.IsNull(at) ? null : reader.GetString(at))]);
        return rows.ToImmutable();
    }
}
