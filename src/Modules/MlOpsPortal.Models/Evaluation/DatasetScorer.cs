using System.Globalization;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models.Evaluation;

/// <summary>Answers and outcomes, one per row of the dataset, in its order.</summary>
/// <param name="Predicted">Probability of the positive class, or the predicted value; of several classes row by row, one probability per class.</param>
/// <param name="Actual">1 and 0 for a binary outcome, the number of the class, or the value.</param>
internal sealed record ScoredRows(double[] Predicted, double[] Actual)
{
    /// <summary>Answers per row.</summary>
    public int Width => Actual.Length == 0 ? 1 : Predicted.Length / Actual.Length;

    /// <summary>Some of the rows, in the order given.</summary>
    public ScoredRows Of(IReadOnlyList<int> rows)
    {
        var (width, predicted, actual) = (Width, new double[rows.Count * Width], new double[rows.Count]);
        for (var index = 0; index < rows.Count; index++)
        {
            actual[index] = Actual[rows[index]];
            Array.Copy(Predicted, rows[index] * width, predicted, index * width, width);
        }

        return new ScoredRows(predicted, actual);
    }
}

/// <summary>Runs a dataset version through a contract, in the child. Two intra-op threads and whole batches, so that the numbers are those that other tools publish.</summary>
internal static class DatasetScorer
{
    public const int BatchRows = 65_536;
    public const int MaxRows = 5_000_000;

    /// <exception cref="UnfitRowException">The dataset does not fit the contract, or the model failed on it.</exception>
    public static ScoredRows Score(OnnxSession session, ModelSignature signature, ModelContract contract, DuckDbConnection connection, string parquet, IProgress<double> progress)
    {
        var total = Count(connection, parquet);
        RequireColumns(connection, parquet, [.. contract.Features.Select(feature => feature.Name), contract.Target]);
        var width = contract.Width;
        var predicted = new double[checked(total * width)];
        var actual = new double[total];
        var batch = new FeatureBatch(signature, contract, IsOneByOne(signature) ? 1 : Math.Min(BatchRows, Math.Max(total, 1)));
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
            scored += Run(session, contract, batch, predicted.AsSpan(scored * width));
            progress.Report(scored / (double)total);
        }

        if (batch.Rows > 0)
            scored += Run(session, contract, batch, predicted.AsSpan(scored * width));
        return scored == total ? new ScoredRows(predicted, actual) : throw new UnfitRowException("models.rows_changed", Text(total), Text(scored));
    }

    /// <summary>Scores all rows of a batch, as often as is asked.</summary>
    public static void Answer(OnnxSession session, ModelSignature signature, ModelContract contract, FeatureBatch batch, Span<double> into)
    {
        var step = IsOneByOne(signature) ? 1 : BatchRows;
        for (var start = 0; start < batch.Rows; start += step)
        {
            var rows = Math.Min(step, batch.Rows - start);
            Answer(session, contract, batch.Inputs(start, rows), rows, into[(start * contract.Width)..]);
        }
    }

    private static bool IsOneByOne(ModelSignature signature) => signature.Inputs.Any(input => input.Shape.Length > 0 && input.Shape[0] == 1);

    private static int Run(OnnxSession session, ModelContract contract, FeatureBatch batch, Span<double> into)
    {
        var rows = batch.Rows;
        Answer(session, contract, batch.Inputs(), rows, into);
        batch.Clear();
        return rows;
    }

    private static void Answer(OnnxSession session, ModelContract contract, IReadOnlyList<OnnxInput> inputs, int rows, Span<double> into)
    {
        IReadOnlyList<OnnxOutput> outputs;
        try
        {
            outputs = session.Run(inputs, [contract.Output.Name]);
        }
        catch (OnnxException exception)
        {
            throw new UnfitRowException("models.run_failed", Shorten(exception.Message));
        }

        var output = outputs[0];
        var values = output.ToDoubles();
        var width = values.Length / rows;
        var columns = Columns(output, contract);
        if (values.Length != rows * width || columns.Max() >= width)
            throw new UnfitRowException("models.output_shape", output.Name, Text(values.Length), Text(rows));
        for (var row = 0; row < rows; row++)
            for (var answer = 0; answer < columns.Length; answer++)
                into[(row * columns.Length) + answer] = values[(row * width) + columns[answer]];
    }

    /// <summary>Where the answers stand in an output: one place, or one for each class in the contract's order.</summary>
    private static int[] Columns(OnnxOutput output, ModelContract contract)
    {
        var several = contract.Task == MlTask.Multiclass;
        if (output.Keys is not { } keys)
            return several ? [.. Enumerable.Range(0, contract.Width)] : [contract.Output.Column];
        var names = keys.Select(key => Convert.ToString(key, CultureInfo.InvariantCulture)).ToList();
        return [.. (several ? contract.ClassNames : [contract.Output.Key ?? ""]).Select(name => names.IndexOf(name) is >= 0 and var place ? place : int.MaxValue)];
    }

    internal static int Count(DuckDbConnection connection, string parquet)
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

    internal static void RequireColumns(DuckDbConnection connection, string parquet, IReadOnlyList<string> columns)
    {
        using var reader = connection.Query($"SELECT * FROM read_parquet({DuckDbSql.Literal(parquet)}) LIMIT 0");
        var known = reader.Columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        var missing = columns.Where(name => !known.Contains(name)).ToList();
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
}
