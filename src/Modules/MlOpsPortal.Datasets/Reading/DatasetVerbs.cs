using System.Collections.Immutable;
using System.Text.Json;
using MlOpsPortal.Datasets.Profiling;
using MlOpsPortal.Datasets.Quality;
using MlOpsPortal.Datasets.Splitting;
using MlOpsPortal.Datasets.Versions;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Json;

namespace MlOpsPortal.Datasets.Reading;

/// <summary>What this module does in a child process.</summary>
public static class DatasetVerbs
{
    internal const string Detect = "datasets-detect";
    internal const string Read = "datasets-read";
    internal const string Split = "datasets-split";
    internal const string Check = "datasets-check";
    internal const string Leak = "datasets-leak";
    internal const string Csv = "datasets-csv";

    public static IReadOnlyDictionary<string, IJobVerb> All { get; } = new Dictionary<string, IJobVerb>(StringComparer.Ordinal)
    {
        [Detect] = new Verb<ReadSpec, Detection>(FileReader.Detect),
        [Read] = new Verb<ReadSpec, ReadAnswer>(FileReader.Read),
        [Split] = new Verb<SplitSpec, ImmutableArray<ReadAnswer>>(Splitter.Run),
        [Check] = new Verb<CheckSpec, ImmutableArray<ExpectationResult>>(VersionReader.Check),
        [Leak] = new Verb<LeakSpec, LeakAnswer>(LeakQuery.Run),
        [Csv] = new Verb<CsvSpec, Done>(CsvExport.Run),
    };

    /// <summary>Opens DuckDB closed but for the named files; nothing of a user's has been read before.</summary>
    internal static DuckDbConnection Closed(ChildRequest request, params IReadOnlyCollection<string> files)
    {
        var db = DuckDbConnection.OpenInMemory();
        DuckDbSandbox.Close(db, files, request.Spill);
        return db;
    }

    private sealed class Verb<TSpec, TAnswer>(Func<ChildRequest, TSpec, Action<string, double>, Result<TAnswer>> run) : IJobVerb
    {
        public Result<JsonElement> Run(ChildRequest request, IProgress<JobProgress> progress)
        {
            try
            {
                return run(request, request.Read<TSpec>(), (step, fraction) => progress.Report(new JobProgress(step, fraction)))
                    .Map(answer => JsonSerializer.SerializeToElement(answer, PortalJson.Options));
            }
            catch (DuckDbException failure) when (failure.Message.Contains("Out of Memory", StringComparison.OrdinalIgnoreCase))
            {
                return new Validation("jobs.too_much_memory") { Kind = ValidationKind.Unprocessable };
            }
        }
    }
}

/// <param name="Length">Bytes of the file at <c>in/source</c>.</param>
internal sealed record ReadSpec(string FileName, long Length, ReadOptions Options, ImmutableArray<Expectation> Expectations);

/// <summary>A version as it was read; its Parquet is in <c>out/</c>.</summary>
internal sealed record ReadAnswer(
    FileShape Shape, ImmutableArray<ColumnSchema> Columns, DatasetProfile Profile, ImmutableArray<ImmutableArray<string?>> Preview, ImmutableArray<ExpectationResult> Quality);

/// <param name="Columns">Of <c>in/data.parquet</c>.</param>
internal sealed record CheckSpec(ImmutableArray<ColumnSchema> Columns, ImmutableArray<Expectation> Expectations);

internal sealed record CsvSpec(ImmutableArray<ColumnSchema> Columns);
