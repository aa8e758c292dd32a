using MlOpsPortal.Statistics.Binary;
using MlOpsPortal.Statistics.Numerics;

namespace MlOpsPortal.Statistics.Intervals;

/// <summary>
/// Structural components of the AUC (DeLong, DeLong, Clarke-Pearson 1988) by midranks (Sun, Xu 2014): for each positive the share of negatives
/// it outscores, for each negative the share of positives that outscore it; ties count half. By row number.
/// </summary>
internal sealed class DeLongComponents
{
    private readonly double[] component;
    private readonly bool[] truth;
    private readonly int positives;
    private readonly int negatives;

    private DeLongComponents(BinarySample sample)
    {
        (positives, negatives) = (sample.Positives, sample.Negatives);
        component = new double[sample.Rows];
        truth = new bool[sample.Rows];
        int start = 0, positivesAbove = 0, negativesAbove = 0;
        double sum = 0;
        foreach (var end in sample.GroupEnds)
        {
            var tiedPositives = sample.Truth.AsSpan(start, end - start).Count(true);
            var tiedNegatives = end - start - tiedPositives;
            var outscores = (negatives - negativesAbove - (tiedNegatives / 2.0)) / negatives;
            var outscored = (positivesAbove + (tiedPositives / 2.0)) / positives;
            for (var i = start; i < end; i++)
            {
                truth[sample.Order[i]] = sample.Truth[i];
                component[sample.Order[i]] = sample.Truth[i] ? outscores : outscored;
            }

            sum += tiedPositives * outscores;
            positivesAbove += tiedPositives;
            negativesAbove += tiedNegatives;
            start = end;
        }

        Auc = sum / positives;
    }

    public double Auc { get; }

    /// <summary>Null when a class has fewer than two rows, or the sample cannot be evaluated.</summary>
    public static DeLongComponents? Of(BinarySample sample) =>
        sample is { Fault: null, Positives: > 1, Negatives: > 1 } ? new DeLongComponents(sample) : null;

    /// <summary>Covariance of the two AUCs; with itself, the variance.</summary>
    public double Covariance(DeLongComponents other)
    {
        double ofPositives = 0, ofNegatives = 0;
        for (var row = 0; row < component.Length; row++)
        {
            // The mean of either kind of component is the AUC.
            var product = (component[row] - Auc) * (other.component[row] - other.Auc);
            if (truth[row]) ofPositives += product;
            else ofNegatives += product;
        }

        return (ofPositives / (positives - 1.0) / positives) + (ofNegatives / (negatives - 1.0) / negatives);
    }

    public ConfidenceInterval Interval(double level)
    {
        var half = NormalTail.TwoSidedQuantile(level) * Math.Sqrt(Covariance(this));
        return new ConfidenceInterval(Math.Max(0, Auc - half), Math.Min(1, Auc + half), level, IntervalMethod.DeLong);
    }
}
