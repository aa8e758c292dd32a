using System.Collections.Immutable;
using MlOpsPortal.Statistics.Numerics;

namespace MlOpsPortal.Statistics.Binary;

/// <summary>Curves over a sorted sample with both classes, as scikit-learn draws them (`roc_curve` without dropping points, `precision_recall_curve`, `calibration_curve`).</summary>
internal static class BinaryCurves
{
    public static RocPoint[] Roc(BinarySample sample)
    {
        var points = new List<RocPoint>(sample.GroupEnds.Length + 1) { new(0, 0, null) };
        foreach (var (tp, fp, threshold) in Steps(sample))
            points.Add(new RocPoint(fp / (double)sample.Negatives, tp / (double)sample.Positives, threshold));
        return [.. points];
    }

    public static PrecisionRecallPoint[] PrecisionRecall(BinarySample sample)
    {
        var points = new List<PrecisionRecallPoint>(sample.GroupEnds.Length + 1) { new(0, 1, null) };
        foreach (var (tp, fp, threshold) in Steps(sample))
            points.Add(new PrecisionRecallPoint(tp / (double)sample.Positives, tp / (double)(tp + fp), threshold));
        points.Reverse();
        return [.. points];
    }

    /// <summary>Bins between the edges, closed above: (a, b]. Empty bins are left out.</summary>
    public static ImmutableArray<CalibrationBin> Calibration(BinarySample sample, ReadOnlySpan<double> innerEdges)
    {
        var bins = new (double Score, int Positive, int Rows)[innerEdges.Length + 1];
        for (var i = 0; i < sample.Scores.Length; i++)
        {
            var bin = 0;
            while (bin < innerEdges.Length && innerEdges[bin] < sample.Scores[i]) bin++;
            bins[bin] = (bins[bin].Score + sample.Scores[i], bins[bin].Positive + (sample.Truth[i] ? 1 : 0), bins[bin].Rows + 1);
        }

        return [.. bins.Where(bin => bin.Rows > 0).Select(bin => new CalibrationBin(bin.Score / bin.Rows, bin.Positive / (double)bin.Rows, bin.Rows))];
    }

    public static double[] UniformEdges() => [.. Enumerable.Range(1, 9).Select(i => i * 0.1)];

    public static double[] QuantileEdges(BinarySample sample)
    {
        var ascending = sample.Scores.Reverse().ToArray();
        return [.. Enumerable.Range(1, 9).Select(i => Columns.Quantile(ascending, i * 0.1))];
    }

    public static ImmutableArray<GainStep> Gains(BinarySample sample)
    {
        var steps = ImmutableArray.CreateBuilder<GainStep>(10);
        int rows = 0, captured = 0;
        for (var step = 1; step <= 10; step++)
        {
            var until = (int)Math.Round(sample.Rows * step / 10.0, MidpointRounding.ToEven);
            for (; rows < until; rows++) captured += sample.Truth[rows] ? 1 : 0;
            var lift = rows == 0 ? 0 : captured / (double)rows / (sample.Positives / (double)sample.Rows);
            steps.Add(new GainStep(step / 10.0, rows, captured, captured / (double)sample.Positives, lift));
        }

        return steps.MoveToImmutable();
    }

    private static IEnumerable<(int TruePositives, int FalsePositives, double Threshold)> Steps(BinarySample sample)
    {
        int tp = 0, start = 0;
        foreach (var end in sample.GroupEnds)
        {
            for (; start < end; start++) tp += sample.Truth[start] ? 1 : 0;
            yield return (tp, end - tp, sample.Scores[end - 1]);
        }
    }
}
