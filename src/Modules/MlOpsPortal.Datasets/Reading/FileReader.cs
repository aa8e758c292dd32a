using System.Collections.Immutable;
using MlOpsPortal.Datasets.Profiling;
using MlOpsPortal.Datasets.Quality;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;

namespace MlOpsPortal.Datasets.Reading;

/// <summary>Reads what a user brought: first looks, then writes Parquet of our own, then computes everything from that.</summary>
internal static class FileReader
{
    public const int MaxColumns = 5_000;
    public const int PreviewCount = 100;
    internal const string Source = "source";
    internal const string Data = "data.parquet";

    public static Result<Detection> Detect(ChildRequest request, ReadSpec spec, Action<string, double> progress)
    {
        progress("datasets.step_looking", 0.1);
        return Use<Detection>(request, spec, (_, source) => new Detection(source.Shape, source.Columns, [.. source.Preview.Take(20)]));
    }

    public static Result<ReadAnswer> Read(ChildRequest request, ReadSpec spec, Action<string, double> progress)
    {
        progress("datasets.step_looking", 0);
        return Use<ReadAnswer>(request, spec, (db, source) =>
        {
            progress("datasets.step_writing", 0.1);
            var written = Write(db, source, request.Input(Source), request.Output(Data));
            return written.IsOk ? Describe(db, request.Output(Data), source.Shape, source.Columns, spec.Expectations, progress, 0.4, 0.6) : written.Refusal;
        });
    }

    /// <summary>Profile, preview and quality of Parquet that we wrote.</summary>
    public static ReadAnswer Describe(
        DuckDbConnection db, string parquet, FileShape shape, ImmutableArray<ColumnSchema> columns, ImmutableArray<Expectation> expectations,
        Action<string, double> progress, double from, double share)
    {
        var relation = $"read_parquet({DuckDbSql.Literal(parquet)})";
        var profile = new ProfileQuery(db, relation, columns).Run(done => progress("datasets.step_profiling", from + (done * share * 0.9)));
        progress("datasets.step_checking", from + (share * 0.95));
        ImmutableArray<ColumnSchema> settled = [.. columns.Zip(profile.Columns, (column, figures) => column with { HasMissing = figures.Missing > 0 })];
        return new ReadAnswer(shape, settled, profile, PreviewRows.Read(db, relation, settled, PreviewCount), new QualityQuery(db, relation, settled).Run(expectations));
    }

    private static Result<TAnswer> Use<TAnswer>(ChildRequest request, ReadSpec spec, Func<DuckDbConnection, IDataSource, Result<TAnswer>> use)
    {
        var path = request.Input(Source);
        var format = FileKind.Of(path);
        if (format is { } other && other != FileKind.Known.Parquet)
            return new Validation(other == FileKind.Known.Pickle ? "datasets.pickle" : "datasets.not_a_table") { Kind = ValidationKind.Unprocessable };
        if ((spec.Options.Format ?? (format == FileKind.Known.Parquet ? FileFormat.Parquet : FileFormat.Csv)) == FileFormat.Parquet)
        {
            using var db = DatasetVerbs.Closed(request, path, request.Output(Data));
            return ParquetSource.Open(db, path, spec.Length, MaxColumns, PreviewCount).Then(source => use(db, source));
        }

        var rewritten = Path.Combine(request.Folder, "text.csv");
        return TextFile.Normalise(path, rewritten, spec.Options.Encoding).Then(text =>
        {
            using var db = DatasetVerbs.Closed(request, text.Path, request.Output(Data));
            return CsvSource.Open(db, text, spec.Options, MaxColumns, PreviewCount).Then(source => use(db, source));
        });
    }

    /// <summary>Writes until every guessed type holds: what does not is widened, which happens at most twice per column.</summary>
    private static Result<Done> Write(DuckDbConnection db, IDataSource source, string path, string parquet)
    {
        while (true)
        {
            try
            {
                db.Execute($"COPY ({source.Select}) TO {DuckDbSql.Literal(parquet)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)");
                return Done.Instance;
            }
            catch (DuckDbException failure) when (failure.Message.StartsWith(ColumnCast.Failure, StringComparison.Ordinal))
            {
                var widened = source.Widen();
                if (!widened.IsOk)
                    return widened;
            }
            catch (DuckDbException failure) when (source.Shape.Format == FileFormat.Csv && failure.Message.Contains("CSV Error", StringComparison.Ordinal))
            {
                return CsvSource.Explain(failure);
            }
            catch (DuckDbException failure) when (source.Shape.Format == FileFormat.Parquet && !failure.Message.Contains("Out of Memory", StringComparison.OrdinalIgnoreCase))
            {
                return ParquetSource.Explain(failure, path);
            }
        }
    }
}

/// <summary>Files that tell by their first bytes what they are.</summary>
internal static class FileKind
{
    public enum Known
    {
        Parquet,
        Archive,
        Pickle,
        Excel,
    }

    /// <returns>Null for what has no mark: taken as text.</returns>
    public static Known? Of(string path)
    {
        Span<byte> head = stackalloc byte[8];
        using var file = File.OpenRead(path);
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (head.StartsWith("PAR1"u8))
            return Known.Parquet;
        if (head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) || head.StartsWith("BZh"u8) || head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]))
            return Known.Archive;
        if (head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]))
            return Known.Excel;
        return head.Length > 1 && head[0] == 0x80 && head[1] is >= 2 and <= 5 ? Known.Pickle : null;
    }
}
