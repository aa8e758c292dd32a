using System.Collections.Immutable;
using MlOpsPortal.Datasets.Profiling;
using MlOpsPortal.Datasets.Reading;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;

namespace MlOpsPortal.Datasets.Quality;

/// <param name="Test">Columns of <c>in/data.parquet</c>.</param>
/// <param name="Training">Columns of <c>in/training.parquet</c>.</param>
internal sealed record LeakSpec(ImmutableArray<ColumnSchema> Test, ImmutableArray<ColumnSchema> Training);

/// <param name="Leaked">Test rows that stand in the training data too.</param>
internal sealed record LeakAnswer(long TestRows, long Leaked, ImmutableArray<string> Columns);

/// <summary>Counts test rows that also stand in the training data, over the columns that both have, by 128-bit fingerprints.</summary>
internal static class LeakQuery
{
    public const string Training = "training.parquet";

    public static Result<LeakAnswer> Run(ChildRequest request, LeakSpec spec, Action<string, double> progress)
    {
        progress("datasets.step_leak", 0.1);
        var common = spec.Test.Join(spec.Training, column => column.Name, column => column.Name, (test, training) => (test.Name, Numeric: IsNumeric(test) && IsNumeric(training)), StringComparer.Ordinal).ToList();
        if (common.Count == 0)
            return new Validation("datasets.no_common_columns") { Kind = ValidationKind.Unprocessable };
        var (test, training) = (request.Input(FileReader.Data), request.Input(Training));
        using var db = DatasetVerbs.Closed(request, test, training);
        // 1 as an integer and 1.0 as a number are the same value, 1 as a text is another.
        var values = string.Join(", ", common.Select(column => column.Numeric ? $"CAST({DuckDbSql.Identifier(column.Name)} AS DOUBLE)" : $"CAST({DuckDbSql.Identifier(column.Name)} AS VARCHAR)"));
        var marks = $"SELECT hash({values}) AS a, hash(1, {values}) AS b FROM";
        using var reader = db.Query(
            $"""
            SELECT count(*), count(*) FILTER (known) FROM (
                SELECT EXISTS (SELECT 1 FROM ({marks} read_parquet({DuckDbSql.Literal(training)})) training WHERE training.a = test.a AND training.b = test.b) AS known
                FROM ({marks} read_parquet({DuckDbSql.Literal(test)})) test)
            """);
        reader.Read();
        return new LeakAnswer(reader.GetInt64(0), reader.GetInt64(1), [.. common.Select(column => column.Name)]);
    }

    private static bool IsNumeric(ColumnSchema column) => column.Type is ColumnType.Integer or ColumnType.Number;
}
