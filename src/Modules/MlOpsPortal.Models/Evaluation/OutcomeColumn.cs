using System.Globalization;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models.Evaluation;

/// <summary>The target as it is read from rows: 1 or 0 for the positive class, the number of a class among several, or a number.</summary>
internal sealed class OutcomeColumn(ModelContract contract, int column)
{
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> classes = contract.ClassNames.Select((name, index) => (name, index)).ToDictionary(known => known.name, known => known.index, StringComparer.Ordinal);

    /// <param name="row">Of the dataset, from 0; for the sentence.</param>
    /// <exception cref="UnfitRowException">The row has no target, or one that the contract has no place for.</exception>
    public double Read(DuckDbReader reader, long row)
    {
        if (reader.IsNull(column))
            throw new UnfitRowException("models.row_no_target", Text(row), contract.Target);
        return contract.Task switch
        {
            MlTask.Regression => FeatureBatch.IsNumber(reader.Columns[column].Type) ? reader.GetDouble(column) : throw new UnfitRowException("models.target_not_number", contract.Target),
            MlTask.Multiclass => ClassOf(reader) ?? throw new UnfitRowException("models.target_unknown_class", Text(row), contract.Target, DatasetScorer.Shorten(Word(reader))),
            MlTask.Binary => Positive(reader),
            _ => throw new InvalidOperationException($"No outcome is read for {contract.Task}."),
        };
    }

    /// <returns>Null when the row's class is not one of the contract's.</returns>
    public int? ClassOf(DuckDbReader reader) => classes.TryGetValue(Word(reader), out var index) ? index : null;

    private double Positive(DuckDbReader reader)
    {
        var value = Word(reader);
        if (seen.Add(value) && seen.Count > 2)
            throw new UnfitRowException("models.target_classes", contract.Target, string.Join(", ", seen));
        if (seen.Count == 2 && !seen.Contains(contract.PositiveClass!)) // binary contracts name one
            throw new UnfitRowException("models.target_no_positive", contract.Target, string.Join(", ", seen), contract.PositiveClass!);
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

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
