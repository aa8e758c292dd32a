using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using MlOpsPortal.Datasets.Profiling;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Datasets.Reading;

/// <summary>A CSV file. All columns are read as text, strictly (no padded, cut or skipped rows), and cast by us.</summary>
internal sealed partial class CsvSource : IDataSource
{
    private const int SampleCells = 1_000_000;
    private const int SampleRows = 10_000;
    private readonly DuckDbConnection db;
    private readonly string from;
    private readonly ReadOptions options;
    private readonly List<FileNote> notes;
    private ImmutableArray<ColumnType> types;

    private CsvSource(DuckDbConnection db, string from, ReadOptions options, CsvDialect dialect, TextFile.Normal text)
    {
        (this.db, this.from, this.options, Dialect, Text) = (db, from, options, dialect, text);
        notes = [.. text.Notes, .. dialect.Notes];
        types = [.. dialect.Names.Select(_ => ColumnType.Text)];
    }

    private CsvDialect Dialect { get; }

    private TextFile.Normal Text { get; }

    public FileShape Shape => new(FileFormat.Csv, Dialect.Delimiter.ToString(), Text.Encoding, Dialect.Header, [.. notes]);

    public ImmutableArray<ColumnSchema> Columns => [.. Dialect.Names.Zip(types, (name, type) => new ColumnSchema(name, type, HasMissing: true))];

    public ImmutableArray<ImmutableArray<string?>> Preview { get; private set; } = [];

    public string Select => $"SELECT {string.Join(", ", Columns.Select(column => $"{ColumnCast.Strict(column.Name, column.Type)} AS {DuckDbSql.Identifier(column.Name)}"))} FROM {from}";

    /// <param name="db">Closed but for the text's path.</param>
    public static Result<IDataSource> Open(DuckDbConnection db, TextFile.Normal text, ReadOptions options, int maxColumns, int previewRows)
    {
        if (CsvDialect.Find(text.Path, options) is not { } dialect)
            return Refuse("datasets.no_rows");
        if (dialect.Names.Length > maxColumns)
            return Refuse("datasets.too_many_columns", dialect.Names.Length.ToString(CultureInfo.InvariantCulture), maxColumns.ToString(CultureInfo.InvariantCulture));
        var unknown = options.Types?.Keys.FirstOrDefault(name => !dialect.Names.Contains(name, StringComparer.Ordinal));
        if (unknown is not null)
            return Refuse("datasets.no_such_column", unknown);
        var columns = string.Join(", ", dialect.Names.Select(name => $"{DuckDbSql.Literal(name)}: 'VARCHAR'"));
        var missing = DuckDbSql.Literal((options.MissingTexts ?? []).Prepend("").Distinct(StringComparer.Ordinal));
        var table = $"read_csv({DuckDbSql.Literal(text.Path)}, auto_detect=false, header={(dialect.Header ? "true" : "false")}, delim={DuckDbSql.Literal(dialect.Delimiter.ToString())}, "
            + $"quote='\"', escape='\"', strict_mode=true, nullstr={missing}, max_line_size={TextFile.MaxLine}, columns={{{columns}}})";
        var source = new CsvSource(db, table, options, dialect, text);
        return source.Sample(previewRows) is { } refusal ? refusal : source;
    }

    public Result<Done> Widen()
    {
        var widened = false;
        var columns = Columns;
        foreach (var some in Enumerable.Range(0, columns.Length).Where(at => types[at] != ColumnType.Text).Chunk(100))
        {
            var faults = string.Join(", ", some.Select(at => $"count(*) FILTER ({DuckDbSql.Identifier(columns[at].Name)} IS NOT NULL AND {ColumnCast.Try(columns[at].Name, types[at])} IS NULL)"));
            var counts = new long[some.Length];
            using (var reader = db.Query($"SELECT {faults} FROM {from}"))
            {
                reader.Read();
                for (var at = 0; at < some.Length; at++)
                    counts[at] = reader.GetInt64(at);
            }

            foreach (var (column, count) in some.Zip(counts).Where(found => found.Second > 0))
            {
                if (options.Types?.ContainsKey(columns[column].Name) == true)
                    return Mismatch(columns[column], count);
                types = types.SetItem(column, ColumnCast.Wider(types[column]));
                notes.Add(new FileNote("datasets.note_widened", [columns[column].Name, types[column].ToString(), count.ToString(CultureInfo.InvariantCulture)]));
                widened = true;
            }
        }

        return widened ? Done.Instance : throw new InvalidOperationException("Nothing could be widened, yet a cast failed.");
    }

    /// <summary>Explains what DuckDB says of a CSV file, with the line.</summary>
    public static Validation Explain(DuckDbException failure)
    {
        var line = LineNumber().Match(failure.Message) is { Success: true } match ? match.Groups["line"].Value : "?";
        if (ColumnCounts().Match(failure.Message) is { Success: true } counts)
        {
            var (expected, found) = (counts.Groups["expected"].Value, counts.Groups["found"].Value);
            return Refuse(int.Parse(found, CultureInfo.InvariantCulture) < int.Parse(expected, CultureInfo.InvariantCulture) ? "datasets.ragged_short" : "datasets.ragged_long", line, expected, found);
        }

        if (failure.Message.Contains("quote", StringComparison.Ordinal))
            return Refuse("datasets.unclosed_quote", line);
        if (failure.Message.Contains("aximum line size", StringComparison.Ordinal))
            return Refuse("datasets.line_too_long", line);
        return Refuse("datasets.unreadable", line, failure.Message.Split('\n')[0]);
    }

    private Validation? Sample(int previewRows)
    {
        var count = Math.Clamp(SampleCells / Dialect.Names.Length, 100, SampleRows);
        var rows = new List<string?[]>();
        try
        {
            using var reader = db.Query($"SELECT * FROM {from} LIMIT {count}");
            while (reader.Read())
                rows.Add([.. Enumerable.Range(0, Dialect.Names.Length).Select(at => reader.IsNull(at) ? null : reader.GetString(at))]);
        }
        catch (DuckDbException failure)
        {
            return Explain(failure);
        }

        types = [.. Dialect.Names.Select((name, at) => options.Types?.TryGetValue(name, out var asked) == true ? asked : TypeGuess.Of(rows.Select(row => row[at])))];
        Preview = [.. rows.Take(previewRows).Select(row => row.ToImmutableArray())];
        return null;
    }

    private Validation Mismatch(ColumnSchema column, long count)
    {
        using var reader = db.Query(
            $"SELECT left({DuckDbSql.Identifier(column.Name)}, 100) FROM {from} WHERE {DuckDbSql.Identifier(column.Name)} IS NOT NULL AND {ColumnCast.Try(column.Name, column.Type)} IS NULL LIMIT 1");
        reader.Read();
        return Refuse("datasets.type_mismatch", column.Name, column.Type.ToString(), count.ToString(CultureInfo.InvariantCulture), reader.GetString(0));
    }

    private static Validation Refuse(string code, params ImmutableArray<string> args) => new(code, args) { Kind = ValidationKind.Unprocessable };

    [GeneratedRegex(@"CSV Error on Line: (?<line>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LineNumber();

    [GeneratedRegex(@"Expected Number of Columns: (?<expected>\d+) Found: (?<found>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ColumnCounts();
}
