using MlOpsPortal.Statistics.Intervals;
using MlOpsPortal.Statistics.Numerics;

namespace MlOpsPortal.Statistics.Binary;

/// <summary>
/// A binary outcome beside its scores, sorted once from the highest score down. Every metric of it, and of any resample that keeps
/// the class sizes, is one pass over that order with a weight per row.
/// </summary>
internal sealed class BinarySample : IResampled
{
    private const double PartialLimit = 0.1;
    private const int CalibrationBins = 10;

    private readonly double[] logLoss;
    private readonly double[] squared;
    private readonly int[] bins;
    private readonly int cut;

    public BinarySample(ReadOnlySpan<bool> truth, ReadOnlySpan<double> scores, double threshold)
    {
        Columns.RequireSameLength(truth.Length, scores.Length, nameof(scores));
        if (double.IsNaN(threshold)) throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "A threshold is a number.");
        Rows = truth.Length;
        foreach (var positive in truth) Positives += positive ? 1 : 0;
        Fault = Rows == 0 ? NotComputable.NoRows : Columns.AllFinite(scores) ? null : NotComputable.NotFinite;

        var negated = new double[Fault is null ? Rows : 0];
        for (var i = 0; i < negated.Length; i++) negated[i] = -scores[i];
        Order = Columns.StableOrder(negated);
        Scores = new double[Order.Length];
        Truth = new bool[Order.Length];
        logLoss = new double[Order.Length];
        squared = new double[Order.Length];
        bins = new int[Order.Length];
        var ends = new List<int>();
        for (var i = 0; i < Order.Length; i++)
        {
            var score = Scores[i] = scores[Order[i]];
            Truth[i] = truth[Order[i]];
            if (i > 0 && score != Scores[i - 1]) ends.Add(i);
            if (score >= threshold) cut = i + 1;
            AreProbabilities &= score is >= 0 and <= 1;
            logLoss[i] = -Math.Log(Math.Clamp(Truth[i] ? score : 1 - score, double.BitIncrement(1) - 1, 1 - (double.BitIncrement(1) - 1)));
            squared[i] = Truth[i] ? (score - 1) * (score - 1) : score * score;
            bins[i] = Math.Clamp((int)(score * CalibrationBins), 0, CalibrationBins - 1);
        }

        if (Order.Length > 0) ends.Add(Order.Length);
        GroupEnds = [.. ends];
    }

    public int Rows { get; }

    public int Positives { get; }

    public int Negatives => Rows - Positives;

    /// <summary>What keeps every metric from being computed.</summary>
    public NotComputable? Fault { get; }

    public bool AreProbabilities { get; } = true;

    /// <summary>Row numbers, highest score first, ties in row order.</summary>
    public int[] Order { get; }

    /// <summary>By <see cref="Order"/>.</summary>
    public double[] Scores { get; }

    /// <summary>By <see cref="Order"/>.</summary>
    public bool[] Truth { get; }

    /// <summary>Ends (exclusive) of the runs of equal scores.</summary>
    public int[] GroupEnds { get; }

    public int MetricCount => MetricCatalogue.Binary.Length;

    public Confusion ConfusionAtThreshold()
    {
        var truePositives = Truth.AsSpan(0, cut).Count(true);
        return new Confusion(Negatives - (cut - truePositives), cut - truePositives, Positives - truePositives, truePositives);
    }

    public void Compute(ReadOnlySpan<int> weights, Span<double> values)
    {
        double positives = Positives, negatives = Negatives;
        long tp = 0, fp = 0, twiceWins = 0, tpAtCut = 0, fpAtCut = 0;
        double ks = 0, average = 0, trapezoid = 0, lastPrecision = 1, partial = 0, logSum = 0, squaredSum = 0;
        Span<double> binScore = stackalloc double[CalibrationBins];
        Span<long> binPositive = stackalloc long[CalibrationBins];
        binScore.Clear();
        binPositive.Clear();
        var start = 0;
        foreach (var end in GroupEnds)
        {
            long groupPositive = 0, groupNegative = 0;
            for (var i = start; i < end; i++)
            {
                var weight = weights[Order[i]];
                if (weight == 0) continue;
                logSum += weight * logLoss[i];
                squaredSum += weight * squared[i];
                var bin = bins[i];
                binScore[bin] += weight * Scores[i];
                if (Truth[i])
                {
                    groupPositive += weight;
                    binPositive[bin] += weight;
                }
                else
                {
                    groupNegative += weight;
                }
            }

            start = end;
            if (groupPositive + groupNegative > 0)
            {
                partial += PartialArea(fp / negatives, tp / positives, (fp + groupNegative) / negatives, (tp + groupPositive) / positives);
                twiceWins += groupPositive * ((2 * (Negatives - fp)) - groupNegative);
                tp += groupPositive;
                fp += groupNegative;
                var precision = tp / (double)(tp + fp);
                average += groupPositive * precision;
                trapezoid += groupPositive * (precision + lastPrecision) / 2;
                lastPrecision = precision;
                ks = Math.Max(ks, Math.Abs((tp / positives) - (fp / negatives)));
            }

            if (end == cut) (tpAtCut, fpAtCut) = (tp, fp);
        }

        double calibration = 0;
        for (var bin = 0; bin < CalibrationBins; bin++) calibration += Math.Abs(binPositive[bin] - binScore[bin]);

        const double worst = PartialLimit * PartialLimit / 2;
        values[0] = twiceWins / (2 * positives * negatives);
        values[1] = (2 * values[0]) - 1;
        values[2] = ks;
        values[3] = average / positives;
        values[4] = trapezoid / positives;
        values[5] = (1 + ((partial - worst) / (PartialLimit - worst))) / 2;
        values[6] = logSum / Rows;
        values[7] = squaredSum / Rows;
        values[8] = calibration / Rows;
        new Confusion(Negatives - fpAtCut, fpAtCut, Positives - tpAtCut, tpAtCut).Fill(values[9..]);
    }

    /// <summary>Area under one step of the ROC curve up to a false-positive rate of 0.1.</summary>
    private static double PartialArea(double fromX, double fromY, double toX, double toY)
    {
        if (fromX >= PartialLimit || toX <= fromX) return 0;
        if (toX > PartialLimit) (toX, toY) = (PartialLimit, fromY + ((toY - fromY) * (PartialLimit - fromX) / (toX - fromX)));
        return (toX - fromX) * (fromY + toY) / 2;
    }
}
