using System.Collections.Immutable;
using MlOpsPortal.Statistics.Binary;
using MlOpsPortal.Statistics.Intervals;
using MlOpsPortal.Statistics.Numerics;

namespace MlOpsPortal.Statistics.Importance;

/// <summary>Permutation importance (Breiman 2001) as scikit-learn computes it: base score less the score with one column shuffled, mean and sd over repeats.</summary>
public static class PermutationImportance
{
    /// <param name="metric">Name of the score; higher is better.</param>
    /// <param name="features">In the order of the numbers that <paramref name="shuffled"/> is asked for.</param>
    /// <param name="rows">Rows of the sample.</param>
    /// <param name="ofRows">Rows it was drawn from.</param>
    /// <param name="baseScore">Of the untouched rows.</param>
    /// <param name="shuffled">Score when the feature of row i is taken from row order[i].</param>
    /// <param name="progress">Told the share that is done, 0..1.</param>
    public static ImportanceReport Measure(
        string metric, IReadOnlyList<string> features, int rows, int ofRows, int repeats, int seed, double baseScore, Func<int, int[], double> shuffled, IProgress<double>? progress = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 2);
        var random = new Xoshiro256(seed);
        var measured = ImmutableArray.CreateBuilder<FeatureImportance>(features.Count);
        var order = new int[rows];
        for (var feature = 0; feature < features.Count; feature++)
        {
            var falls = new double[repeats];
            for (var repeat = 0; repeat < repeats; repeat++)
            {
                Shuffle(order, random);
                falls[repeat] = baseScore - shuffled(feature, order);
                progress?.Report(((feature * repeats) + repeat + 1) / (double)(features.Count * repeats));
            }

            var mean = falls.Average();
            measured.Add(new FeatureImportance(features[feature], mean, Math.Sqrt(falls.Average(fall => (fall - mean) * (fall - mean)))));
        }

        return new ImportanceReport(metric, baseScore, repeats, seed, rows, ofRows, measured.MoveToImmutable());
    }

    /// <summary>Row numbers of a sample without replacement, ascending; all of them when there are no more.</summary>
    public static int[] Sample(int rows, int wanted, int seed)
    {
        var order = new int[rows];
        Shuffle(order, new Xoshiro256(seed));
        var sample = order.AsSpan(0, Math.Min(rows, wanted)).ToArray();
        Array.Sort(sample);
        return sample;
    }

    /// <summary>Area under the ROC curve, for a score; NaN when a class is missing.</summary>
    public static double RocAuc(ReadOnlySpan<bool> truth, ReadOnlySpan<double> scores) => DeLongComponents.Of(new BinarySample(truth, scores, 0.5))?.Auc ?? double.NaN;

    /// <summary>-RMSE, for a score.</summary>
    public static double NegativeRmse(ReadOnlySpan<double> truth, ReadOnlySpan<double> predictions)
    {
        Columns.RequireSameLength(truth.Length, predictions.Length, nameof(predictions));
        double sum = 0;
        for (var row = 0; row < truth.Length; row++) sum += (predictions[row] - truth[row]) * (predictions[row] - truth[row]);
        return -Math.Sqrt(sum / truth.Length);
    }

    /// <summary>Minus the log loss of several classes, for a score.</summary>
    public static double NegativeLogLoss(ReadOnlySpan<int> truth, ReadOnlySpan<double> probabilities, int classes)
    {
        Columns.RequireSameLength(truth.Length * classes, probabilities.Length, nameof(probabilities));
        double sum = 0;
        for (var row = 0; row < truth.Length; row++)
        {
            double all = 0;
            foreach (var probability in probabilities.Slice(row * classes, classes)) all += probability;
            sum += Math.Log(Math.Clamp(probabilities[(row * classes) + truth[row]] / all, double.BitIncrement(1) - 1, 1));
        }

        return sum / truth.Length;
    }

    /// <summary>Fisher and Yates' shuffle of 0, 1, 2, …</summary>
    private static void Shuffle(int[] order, Xoshiro256 random)
    {
        for (var i = 0; i < order.Length; i++) order[i] = i;
        for (var i = order.Length - 1; i > 0; i--)
        {
            var other = random.Index(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }
    }
}
