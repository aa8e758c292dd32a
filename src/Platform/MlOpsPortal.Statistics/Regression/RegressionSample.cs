using MlOpsPortal.Statistics.Intervals;
using MlOpsPortal.Statistics.Numerics;

namespace MlOpsPortal.Statistics.Regression;

/// <summary>Outcome beside prediction, with every per-row term prepared, so that a resample is a few weighted sums.</summary>
internal sealed class RegressionSample : IResampled
{
    /// <summary>scikit-learn's floor of |y| in MAPE.</summary>
    private const double SmallestOutcome = 2.220446049250313e-16;

    private readonly double[] error, percentage, squaredLog, deviance, centredTruth, centredPrediction;
    private readonly int[] byAbsoluteError, byTruth, byPrediction;
    private readonly double[] truth, prediction, truthRanks, predictionRanks;
    private readonly double meanError;

    public RegressionSample(ReadOnlySpan<double> truth, ReadOnlySpan<double> prediction)
    {
        Columns.RequireSameLength(truth.Length, prediction.Length, nameof(prediction));
        Rows = truth.Length;
        Fault = Rows == 0 ? NotComputable.NoRows : Columns.AllFinite(truth) && Columns.AllFinite(prediction) ? null : NotComputable.NotFinite;
        var rows = Fault is null ? Rows : 0;
        (this.truth, this.prediction) = (truth[..rows].ToArray(), prediction[..rows].ToArray());
        error = new double[rows];
        percentage = new double[rows];
        squaredLog = new double[rows];
        deviance = new double[rows];
        centredTruth = new double[rows];
        centredPrediction = new double[rows];
        truthRanks = new double[rows];
        predictionRanks = new double[rows];
        var absolute = new double[rows];
        double truthMean = 0, predictionMean = 0;
        for (var i = 0; i < rows; i++)
        {
            truthMean += truth[i] / rows;
            predictionMean += prediction[i] / rows;
        }

        for (var i = 0; i < rows; i++)
        {
            var (y, p) = (truth[i], prediction[i]);
            error[i] = p - y;
            absolute[i] = Math.Abs(error[i]);
            percentage[i] = absolute[i] / Math.Max(Math.Abs(y), SmallestOutcome);
            var log = Math.Log(1 + p) - Math.Log(1 + y);
            squaredLog[i] = log * log;
            deviance[i] = 2 * ((y == 0 ? 0 : y * Math.Log(y / p)) - y + p);
            centredTruth[i] = y - truthMean;
            centredPrediction[i] = p - predictionMean;
            AnyNegative |= y < 0 || p < 0;
            NegativeTruth |= y < 0;
            NotPositivePrediction |= p <= 0;
            ConstantTruth &= y == truth[0];
            ConstantPrediction &= p == prediction[0];
        }

        meanError = predictionMean - truthMean;
        byAbsoluteError = Columns.StableOrder(absolute);
        byTruth = Columns.StableOrder(this.truth);
        byPrediction = Columns.StableOrder(this.prediction);
    }

    public int Rows { get; }

    public NotComputable? Fault { get; }

    public bool AnyNegative { get; }

    public bool NegativeTruth { get; }

    public bool NotPositivePrediction { get; }

    public bool ConstantTruth { get; } = true;

    public bool ConstantPrediction { get; } = true;

    public int MetricCount => MetricCatalogue.Regression.Length;

    /// <summary>Prediction minus outcome, by row.</summary>
    public ReadOnlySpan<double> Errors => error;

    /// <summary>Row numbers by prediction, ascending.</summary>
    public ReadOnlySpan<int> ByPrediction => byPrediction;

    public void Compute(ReadOnlySpan<int> weights, Span<double> values)
    {
        double rows = Rows, over = 0, under = 0, squares = 0, spread = 0, ape = 0, sle = 0, poisson = 0;
        double y = 0, yy = 0, p = 0, pp = 0, yp = 0, drift = 0;
        for (var i = 0; i < error.Length; i++)
        {
            var weight = weights[i];
            if (weight == 0) continue;
            var e = error[i];
            if (e > 0) over += weight * e;
            else under -= weight * e;
            squares += weight * e * e;
            drift += weight * (e - meanError);
            spread += weight * (e - meanError) * (e - meanError);
            ape += weight * percentage[i];
            sle += weight * squaredLog[i];
            poisson += weight * deviance[i];
            y += weight * centredTruth[i];
            p += weight * centredPrediction[i];
            yy += weight * centredTruth[i] * centredTruth[i];
            pp += weight * centredPrediction[i] * centredPrediction[i];
            yp += weight * centredTruth[i] * centredPrediction[i];
        }

        var total = yy - (y * y / rows);
        values[0] = Math.Sqrt(squares / rows);
        values[1] = (over + under) / rows;
        values[2] = 1 - (squares / total);
        values[3] = ape / rows;
        values[4] = squares / rows;
        values[5] = 1 - ((spread - (drift * drift / rows)) / total);
        values[6] = MedianAbsoluteError(weights);
        values[7] = MaxError(weights);
        values[8] = meanError + (drift / rows);
        values[9] = ((0.1 * under) + (0.9 * over)) / rows;
        values[10] = (under + over) / 2 / rows;
        values[11] = ((0.9 * under) + (0.1 * over)) / rows;
        values[12] = sle / rows;
        values[13] = Math.Sqrt(sle / rows);
        values[14] = poisson / rows;
        values[15] = Correlation(yp - (y * p / rows), total, pp - (p * p / rows));
        values[16] = Spearman(weights);
    }

    private static double Correlation(double covariance, double first, double second) =>
        Math.Clamp(covariance / (Math.Sqrt(first) * Math.Sqrt(second)), -1, 1);

    private double MedianAbsoluteError(ReadOnlySpan<int> weights)
    {
        int below = (Rows - 1) / 2, above = Rows / 2, seen = 0;
        var lower = double.NaN;
        foreach (var row in byAbsoluteError)
        {
            seen += weights[row];
            if (double.IsNaN(lower) && seen > below) lower = Math.Abs(error[row]);
            if (seen > above) return (lower + Math.Abs(error[row])) / 2;
        }

        return double.NaN;
    }

    private double MaxError(ReadOnlySpan<int> weights)
    {
        for (var i = byAbsoluteError.Length - 1; i >= 0; i--)
        {
            if (weights[byAbsoluteError[i]] > 0) return Math.Abs(error[byAbsoluteError[i]]);
        }

        return double.NaN;
    }

    private double Spearman(ReadOnlySpan<int> weights)
    {
        MidRanks(truth, byTruth, weights, truthRanks);
        MidRanks(prediction, byPrediction, weights, predictionRanks);
        double covariance = 0, first = 0, second = 0;
        for (var i = 0; i < truthRanks.Length; i++)
        {
            covariance += weights[i] * truthRanks[i] * predictionRanks[i];
            first += weights[i] * truthRanks[i] * truthRanks[i];
            second += weights[i] * predictionRanks[i] * predictionRanks[i];
        }

        return Correlation(covariance, first, second);
    }

    /// <summary>Ranks of a resample less their mean; a row that was drawn twice is tied with itself.</summary>
    private void MidRanks(double[] values, int[] order, ReadOnlySpan<int> weights, double[] ranks)
    {
        long before = 0;
        for (int start = 0, end; start < order.Length; start = end)
        {
            long tied = weights[order[start]];
            for (end = start + 1; end < order.Length && values[order[end]] == values[order[start]]; end++) tied += weights[order[end]];
            var rank = before + ((tied - Rows) / 2.0);
            for (var i = start; i < end; i++) ranks[order[i]] = rank;
            before += tied;
        }
    }
}
