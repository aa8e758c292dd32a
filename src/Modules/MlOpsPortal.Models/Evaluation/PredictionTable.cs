using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models.Evaluation;

/// <summary>A prediction file as a query: the row's key (null where the order counts), then one answer, or one probability per class, as text.</summary>
/// <param name="HasKey">Is there a key in the first column?</param>
internal sealed record PredictionTable(string Select, bool HasKey)
{
    private static readonly string[] Probabilities = ["probability", "prediction", "score", "value"];
    private static readonly string[] Values = ["prediction", "value", "predicted"];

    /// <exception cref="UnfitRowException">The file lacks a column, or is a Parquet file that nobody should read.</exception>
    public static PredictionTable Open(DuckDbConnection connection, string file, ModelContract contract, SentSpec spec)
    {
        var from = IsParquet(file) ? Parquet(connection, file) : $"read_csv({DuckDbSql.Literal(file)}, header = true, all_varchar = true, auto_detect = true, max_line_size = 100000)";
        List<string> columns;
        using (var head = connection.Query($"SELECT * FROM {from} LIMIT 0"))
            columns = [.. head.Columns.Select(column => column.Name)];
        if (spec.KeyColumn is { } named && !columns.Contains(named))
            throw new UnfitRowException("models.sent_no_key", named, Listed(columns));
        var key = spec.KeyColumn ?? columns.Find(column => column == "row");
        var answers = contract.Task == MlTask.Multiclass ? OfClasses(columns, contract) : [One(columns, contract.Task, spec.ValueColumn)];
        var selected = answers.Select(Text).Prepend(key is null ? "NULL::VARCHAR" : Text(key));
        return new PredictionTable($"SELECT {string.Join(", ", selected)} FROM {from}", key is not null);
    }

    public static bool IsParquet(string file)
    {
        Span<byte> start = stackalloc byte[4];
        using var stream = File.OpenRead(file);
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual("PAR1"u8);
    }

    private static string One(List<string> columns, MlTask task, string? named)
    {
        if (named is not null)
            return columns.Contains(named) ? named : throw new UnfitRowException("models.sent_no_value", named, Listed(columns));
        var usual = task == MlTask.Regression ? Values : Probabilities;
        return Array.Find(usual, columns.Contains) ?? throw new UnfitRowException("models.sent_no_value", string.Join(", ", usual), Listed(columns));
    }

    /// <summary>probability_setosa, or by the class's place in the contract: probability_0.</summary>
    private static List<string> OfClasses(List<string> columns, ModelContract contract)
    {
        var byName = contract.ClassNames.Select(name => $"probability_{name}").ToList();
        var byPlace = contract.ClassNames.Select((_, index) => $"probability_{index}").ToList();
        return byName.TrueForAll(columns.Contains) ? byName
            : byPlace.TrueForAll(columns.Contains) ? byPlace
            : throw new UnfitRowException("models.sent_no_value", string.Join(", ", byName.Take(5)), Listed(columns));
    }

    private static string Parquet(DuckDbConnection connection, string file) =>
        ParquetInspection.Inspect(connection, file) is { IsAcceptable: false } report
            ? throw new UnfitRowException("models.sent_unreadable", report.Faults[0].Detail)
            : $"read_parquet({DuckDbSql.Literal(file)})";

    private static string Text(string column) => $"CAST({DuckDbSql.Identifier(column)} AS VARCHAR)";

    private static string Listed(List<string> columns) => DatasetScorer.Shorten(string.Join(", ", columns.Take(10)));
}
