using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Statistics.Baselines;

namespace MlOpsPortal.Models.Evaluation;

/// <summary>What a model has to beat, learnt from the version it was trained on.</summary>
/// <param name="Shares">Of the classes, where there are several.</param>
internal sealed record Baselines(double? Constant, HeuristicBaseline? Heuristic, double[]? HeuristicScores, ImmutableArray<double>? Shares = null)
{
    private const int MaxCategories = 10_000;

    /// <summary>A training version that lacks target or column gives no baseline; the evaluation goes on without.</summary>
    public static Baselines? Measure(DuckDbConnection connection, string training, string data, ModelContract contract, string? column)
    {
        if (!Has(connection, training, contract.Target))
            return null;
        if (contract.Task == MlTask.Multiclass)
            return new Baselines(null, null, null, ClassShares(connection, training, contract));
        var usable = column is not null && Has(connection, training, column) && Has(connection, data, column);
        var (categories, truth) = Read(connection, training, contract, usable ? column : null);
        var constant = ConstantBaseline.Mean(truth).Value;
        if (!usable || column is null || categories.Distinct(StringComparer.Ordinal).Take(MaxCategories + 1).Count() > MaxCategories)
            return new Baselines(constant, null, null);
        var learnt = CategoryBaseline.Fit(categories, truth);
        return learnt.Overall.Value is null
            ? new Baselines(constant, null, null)
            : new Baselines(constant, new HeuristicBaseline(column, learnt), learnt.Score(Categories(connection, data, column)));
    }

    private static ImmutableArray<double>? ClassShares(DuckDbConnection connection, string parquet, ModelContract contract)
    {
        var counts = new long[contract.Width];
        var outcome = new OutcomeColumn(contract, 0);
        var target = DuckDbSql.Identifier(contract.Target);
        using var reader = connection.Query($"SELECT {target} FROM read_parquet({DuckDbSql.Literal(parquet)}) WHERE {target} IS NOT NULL");
        while (reader.Read())
            if (outcome.ClassOf(reader) is { } known)
                counts[known]++;
        var all = counts.Sum();
        return all == 0 ? null : [.. counts.Select(count => count / (double)all)];
    }

    private static bool Has(DuckDbConnection connection, string parquet, string column)
    {
        using var reader = connection.Query($"SELECT * FROM read_parquet({DuckDbSql.Literal(parquet)}) LIMIT 0");
        return reader.Columns.Any(known => known.Name == column);
    }

    private static (List<string?> Categories, double[] Truth) Read(DuckDbConnection connection, string parquet, ModelContract contract, string? column)
    {
        var category = column is null ? "NULL::VARCHAR" : $"CAST({DuckDbSql.Identifier(column)} AS VARCHAR)";
        var target = DuckDbSql.Identifier(contract.Target);
        var outcome = contract.Task == MlTask.Binary
            ? $"CASE WHEN {Positive(target, contract.PositiveClass!)} THEN 1.0 ELSE 0.0 END::DOUBLE" // binary contracts name one
            : $"TRY_CAST({target} AS DOUBLE)";
        var categories = new List<string?>();
        var truth = new List<double>();
        using var reader = connection.Query($"SELECT {category}, {outcome} FROM read_parquet({DuckDbSql.Literal(parquet)}) WHERE {target} IS NOT NULL");
        while (reader.Read() && truth.Count < DatasetScorer.MaxRows)
        {
            categories.Add(reader.IsNull(0) ? null : reader.GetString(0));
            truth.Add(reader.IsNull(1) ? double.NaN : reader.GetDouble(1));
        }

        return (categories, [.. truth]);
    }

    /// <summary>The same reading of classes as the scorer's: 1, 1.0 and "1" are one class.</summary>
    private static string Positive(string target, string positive) =>
        double.TryParse(positive, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? $"coalesce(TRY_CAST({target} AS DOUBLE) = {DuckDbSql.Literal(number)}, false)"
            : $"CAST({target} AS VARCHAR) = {DuckDbSql.Literal(positive)}";

    private static List<string?> Categories(DuckDbConnection connection, string parquet, string column)
    {
        var categories = new List<string?>();
        using var reader = connection.Query($"SELECT CAST({DuckDbSql.Identifier(column)} AS VARCHAR) FROM read_parquet({DuckDbSql.Literal(parquet)})");
        while (reader.Read())
            categories.Add(reader.IsNull(0) ? null : reader.GetString(0));
        return categories;
    }
}
