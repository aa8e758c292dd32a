using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Statistics.Importance;

namespace MlOpsPortal.Models.Evaluation.Breakdown;

/// <summary>Permutation importance of a model that the portal runs, in the child: one feature of the sample is shuffled and the whole sample scored again.</summary>
internal static class ImportanceRun
{
    /// <summary>Rows scored when nobody says how many: features × repeats × rows.</summary>
    private const long Budget = 300_000;
    private const int FewestRows = 300;
    private const int MostRows = 200_000;

    /// <returns>Null when the sample has no score: one class only.</returns>
    public static ImportanceReport? Measure(
        OnnxSession session, ModelSignature signature, ModelContract contract, DuckDbConnection connection, string data, ScoredRows all, ImportanceSpec spec, int seed, IProgress<double> progress)
    {
        var affordable = (int)Math.Clamp(Budget / ((long)contract.Features.Length * spec.Repeats), FewestRows, MostRows);
        var sample = PermutationImportance.Sample(all.Actual.Length, Math.Min(spec.Rows ?? affordable, MostRows), seed);
        var batch = Read(connection, data, signature, contract, sample, all.Actual.Length);
        var rows = all.Of(sample);
        var predicted = new double[rows.Predicted.Length];
        var score = Score(contract, rows);
        DatasetScorer.Answer(session, signature, contract, batch, predicted);
        var untouched = score(predicted);
        if (!double.IsFinite(untouched))
            return null;
        return PermutationImportance.Measure(Name(contract.Task), [.. contract.Features.Select(feature => feature.Name)], sample.Length, all.Actual.Length, spec.Repeats, seed, untouched, Shuffled, progress);

        double Shuffled(int feature, int[] order)
        {
            var before = batch.Take(feature, order);
            DatasetScorer.Answer(session, signature, contract, batch, predicted);
            batch.Restore(feature, before);
            return score(predicted);
        }
    }

    private static Func<double[], double> Score(ModelContract contract, ScoredRows rows)
    {
        switch (contract.Task)
        {
            case MlTask.Binary:
                var truth = Predictions.Truth(rows.Actual);
                return predicted => PermutationImportance.RocAuc(truth, predicted);
            case MlTask.Multiclass:
                var classes = Predictions.Classes(rows.Actual);
                return predicted => PermutationImportance.NegativeLogLoss(classes, predicted, contract.Width);
            case MlTask.Regression:
                return predicted => PermutationImportance.NegativeRmse(rows.Actual, predicted);
            default:
                throw new InvalidOperationException($"Nothing is measured for {contract.Task}.");
        }
    }

    private static string Name(MlTask task) => task switch { MlTask.Binary => "roc_auc", MlTask.Multiclass => "-log_loss", _ => "-rmse" };

    private static FeatureBatch Read(DuckDbConnection connection, string data, ModelSignature signature, ModelContract contract, int[] sample, int total)
    {
        var batch = new FeatureBatch(signature, contract, sample.Length);
        var wanted = new bool[total];
        foreach (var row in sample)
            wanted[row] = true;
        var columns = string.Join(", ", contract.Features.Select(feature => DuckDbSql.Identifier(feature.Name)));
        using var reader = connection.Query($"SELECT {columns} FROM read_parquet({DuckDbSql.Literal(data)})");
        for (var row = 0; reader.Read(); row++)
            if (wanted[row])
                batch.Add(reader, row);
        return batch;
    }
}
