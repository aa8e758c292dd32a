using System.Globalization;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models.Evaluation;

/// <summary>Answers and outcomes, one per row of the dataset, in its order.</summary>
/// <param name="Predicted">Probability of the positive class, or the predicted value.</param>
/// <param name="Actual">1 and 0 for a binary outcome, or the value.</param>
internal sealed record ScoredRows(double[] Predicted, double[] Actual);

/// <summary>Runs a dataset version through a contract, in the child. Two intra-op threads and whole batches, so that the numbers are those that other tools publish.</summary>
internal static class DatasetScorer
{
    public const int BatchRows = 65_536;
    public const int MaxRows = 5_000_000;

    /// <exception cref="UnfitRowException">The dataset does not fit the contract, or the model failed on it.</exception>
    public static ScoredRows Score(OnnxSession session, ModelSignature signature, ModelContract contract, DuckDbConnection connection, string parquet, IProgress<double> progress)
    {
        var total = Count(connection, parquet);
        RequireColumns(connection, parquet, contract);
        var predicted = new double[total];
        var actual = new double[total];
        var oneByOne = signature.Inputs.Any(input => input.Shape.Length > 0 && input.Shape[0] == 1);
        var batch = new FeatureBatch(signature, contract, oneByOne ? 1 : Math.Min(BatchRows, Math.Max(total, 1)));
        var outcome = new OutcomeColumn(contract, contract.Features.Length);
        var columns = string.Join(", ", contract.Features.Select(feature => DuckDbSql.Identifier(feature.Name)).Append(DuckDbSql.Identifier(contract.Target)));
        using var reader = connection.Query($"SELECT {columns} FROM read_parquet({DuckDbSql.Literal(parquet)})");
        int row = 0, scored = 0;
        while (reader.Read())
        {
            batch.Add(reader, row);
            actual[row] = outcome.Read(reader, row);
            row++;
            if (batch.Rows < batch.Capacity)
                continue;
            scored += Run(session, contract, batch, predicted.AsSpan(scored));
            progress.Report(scored / (double)total);
        }

        if (batch.Rows > 0)
            scored += Run(session, contract, batch, predicted.AsSpan(scored));
        return scored == total ? new ScoredRows(predicted, actual) : throw new UnfitRowException("models.rows_changed", Text(total), Text(scored));
    }

    private static int Run(OnnxSession session, ModelContract contract, FeatureBatch batch, Span<double> into)
    {
        var rows = batch.Rows;
        IReadOnlyList<OnnxOutput> outputs;
        try
        {
            outputs = session.Run(batch.Inputs(), [contract.Output.Name]);
        }
        catch (OnnxException exception)
        {
            throw new UnfitRowException("models.run_failed", Shorten(exception.Message));
        }

        var output = outputs[0];
        var values = output.ToDoubles();
        var width = values.Length / rows;
        var column = output.Keys is { } keys ? keys.TakeWhile(key => Convert.ToString(key, CultureInfo.InvariantCulture) != contract.Output.Key).Count() : contract.Output.Column;
        if (values.Length != rows * width || column >= width)
            throw new UnfitRowException("models.output_shape", output.Name, Text(values.Length), Text(rows));
        for (var row = 0; row < rows; row++)
            into[row] = values[(row * width) + column];
        batch.Clear();
        return rows;
    }

    private static int Count(DuckDbConnection connection, string parquet)
    {
        using var reader = connection.Query($"SELECT count(*) FROM read_parquet({DuckDbSql.Literal(parquet)})");
        reader.Read();
        var rows = reader.GetInt64(0);
        return rows switch
        {
            0 => throw new UnfitRowException("models.no_rows"),
            > MaxRows => throw new UnfitRowException("models.too_many_rows", Text(rows), Text(MaxRows)),
            _ => (int)rows,
        };
    }

    private static void RequireColumns(DuckDbConnection connection, string parquet, ModelContract contract)
    {
        using var reader = connection.Query($"SELECT * FROM read_parquet({DuckDbSql.Literal(parquet)}) LIMIT 0");
        var known = reader.Columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        var missing = contract.Features.Select(feature => feature.Name).Append(contract.Target).Where(name => !known.Contains(name)).ToList();
        if (missing.Count > 0)
            throw new UnfitRowException("models.columns_missing", string.Join(", ", missing.Take(5)), Text(missing.Count));
    }

    /// <summary>What the engine says, for a sentence: one line, bounded.</summary>
    public static string Shorten(string message)
    {
        var line = message.ReplaceLineEndings(" ");
        return line.Length <= 300 ? line : line[..300] + "…";
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The target: a class that is the positive one or not, or a number.</summary>
    private sealed class OutcomeColumn(ModelContract contract, int column)
    {
        private readonly HashSet<string> classes = new(StringComparer.Ordinal);

        public double Read(DuckDbReader reader, int row)
        {
            if (reader.IsNull(column))
                throw new UnfitRowException("models.row_no_target", Text(row), contract.Target);
            if (contract.Task == MlTask.Regression)
                return FeatureBatch.IsNumber(reader.Columns[column].Type) ? reader.GetDouble(column) : throw new UnfitRowException("models.target_not_number", contract.Target);
            var value = Word(reader);
            if (classes.Add(value) && classes.Count > 2)
                throw new UnfitRowException("models.target_classes", contract.Target, string.Join(", ", classes));
            if (classes.Count == 2 && !classes.Contains(contract.PositiveClass!)) // binary contracts name one
                throw new UnfitRowException("models.target_no_positive", contract.Target, string.Join(", ", classes), contract.PositiveClass!);
            return value == contract.PositiveClass ? 1 : 0;
        }

        /// <summary>1, 1.0 and true read as they are usually written: "1" and "true".</summary>
        private string Word(DuckDbReader reader) => reader.Columns[column].Type switch
        {
            DuckDbType.Boolean => reader.GetBoolean(column) ? "true" : "false",
            var type when FeatureBatch.IsNumber(type) => reader.GetDouble(column).ToString("R", CultureInfo.InvariantCulture),
            DuckDbType.Varchar => reader.GetString(column),
            _ => throw new UnfitRowException("models.target_type", contract.Target),
        };
    }
}
