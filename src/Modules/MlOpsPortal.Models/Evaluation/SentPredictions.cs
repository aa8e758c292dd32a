using System.Globalization;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models.Evaluation;

/// <summary>How a prediction file names the rows that it is about.</summary>
/// <param name="KeyColumn">In the file and in the dataset version; null: the file's column <c>row</c> counts the rows from 0, and without one its order does.</param>
/// <param name="ValueColumn">The one that is read; null: the usual names.</param>
internal sealed record SentSpec(string? KeyColumn, string? ValueColumn);

/// <summary>Reads predictions that were made elsewhere against a dataset version, in the child. Exactly one for each row, or nothing is measured.</summary>
internal static class SentPredictions
{
    /// <exception cref="UnfitRowException">The file does not fit the dataset version; the sentence says how, with counts.</exception>
    public static ScoredRows Read(DuckDbConnection connection, string file, string data, ModelContract contract, SentSpec spec)
    {
        var rows = DatasetKeys.Read(connection, data, contract, spec.KeyColumn);
        try
        {
            var table = PredictionTable.Open(connection, file, contract, spec);
            return Match(connection, table, rows, contract);
        }
        catch (DuckDbException exception)
        {
            throw new UnfitRowException("models.sent_unreadable", DatasetScorer.Shorten(exception.Message));
        }
    }

    private static ScoredRows Match(DuckDbConnection connection, PredictionTable table, DatasetKeys rows, ModelContract contract)
    {
        var width = contract.Width;
        var predicted = new double[checked(rows.Actual.Length * width)];
        var seen = new bool[rows.Actual.Length];
        var (unknown, twice, unfit) = (new Counted(), new Counted(), new Counted());
        long line = 0;
        using var reader = connection.Query(table.Select);
        for (; reader.Read(); line++)
        {
            if (line >= DatasetScorer.MaxRows)
                throw new UnfitRowException("models.too_many_rows", Text(line), Text(DatasetScorer.MaxRows));
            var key = reader.IsNull(0) ? "" : reader.GetString(0);
            if (rows.Find(table.HasKey ? key : Text(line)) is not { } row)
                unknown.Add(table.HasKey ? key : Text(line));
            else if (seen[row])
                twice.Add(key);
            else
            {
                seen[row] = true;
                for (var answer = 0; answer < width; answer++)
                    if (!TryRead(reader, answer + 1, contract.Task, out predicted[(row * width) + answer]))
                        unfit.Add(reader.IsNull(answer + 1) ? $"{key}: –" : $"{key}: {reader.GetString(answer + 1)}");
            }
        }

        var missing = new Counted();
        for (var row = 0; row < seen.Length; row++)
            if (!seen[row])
                missing.Add(rows.Name(row));
        if (missing.Any || twice.Any || unknown.Any)
            throw new UnfitRowException("models.sent_keys", Text(rows.Actual.Length), Text(line), missing.ToString(), twice.ToString(), unknown.ToString());
        return unfit.Any ? throw new UnfitRowException(contract.Task == MlTask.Regression ? "models.sent_numbers" : "models.sent_probabilities", unfit.ToString()) : new ScoredRows(predicted, rows.Actual);
    }

    private static bool TryRead(DuckDbReader reader, int column, MlTask task, out double value)
    {
        value = double.NaN;
        return !reader.IsNull(column) && double.TryParse(reader.GetString(column), NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value) && (task == MlTask.Regression || value is >= 0 and <= 1);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>How many, and the first few.</summary>
    private sealed class Counted
    {
        private const int Shown = 5;
        private readonly List<string> first = [];
        private long count;

        public bool Any => count > 0;

        public void Add(string what)
        {
            if (++count <= Shown)
                first.Add(what.Length <= 40 ? what : what[..40] + "…");
        }

        public override string ToString() => first.Count == 0 ? Text(count) : $"{Text(count)} ({string.Join(", ", first)}{(count > Shown ? ", …" : "")})";
    }
}
