using MlOpsPortal.Statistics.Binary;
using MlOpsPortal.Statistics.Intervals;
using MlOpsPortal.Statistics.Numerics;

namespace MlOpsPortal.Statistics.Comparison;

/// <summary>AUC with its DeLong variance. All but the reason are null when there is a reason.</summary>
public sealed record AucEstimate(double? Auc, double? Variance, ConfidenceInterval? Interval, NotComputable? Reason);

/// <summary>Two correlated AUCs on the same rows.</summary>
/// <param name="Difference">First less second.</param>
/// <param name="Covariance">Of the two AUCs.</param>
/// <param name="Z">Difference over its standard error; 0 where the two order the rows alike.</param>
/// <param name="P">Two-sided; 0 only below 5e-324, see <paramref name="LogP"/>.</param>
/// <param name="LogP">Natural logarithm of p, finite however small p is.</param>
/// <param name="Interval">Of the difference, not clipped.</param>
/// <param name="Reason">Why there is no test.</param>
public sealed record PairedAuc(
    double? Difference, double? Covariance, double? Z, double? P, double? LogP, ConfidenceInterval? Interval, NotComputable? Reason);

/// <summary>DeLong, DeLong, Clarke-Pearson 1988, in O(n log n) by midranks. Agrees with R's pROC.</summary>
public static class DeLong
{
    /// <summary>Interval of one AUC, clipped to 0..1. Needs two rows of each class.</summary>
    public static AucEstimate Estimate(ReadOnlySpan<bool> truth, ReadOnlySpan<double> scores, double level = 0.95)
    {
        var sample = new BinarySample(truth, scores, 0);
        return DeLongComponents.Of(sample) is { } components
            ? new AucEstimate(components.Auc, components.Covariance(components), components.Interval(level), null)
            : new AucEstimate(null, null, null, Reason(sample));
    }

    /// <summary>Tests whether two models' AUCs on the same rows differ.</summary>
    public static PairedAuc Compare(ReadOnlySpan<bool> truth, ReadOnlySpan<double> first, ReadOnlySpan<double> second, double level = 0.95) =>
        Compare(new BinarySample(truth, first, 0), new BinarySample(truth, second, 0), level);

    internal static PairedAuc Compare(BinarySample first, BinarySample second, double level)
    {
        if (DeLongComponents.Of(first) is not { } a) return new PairedAuc(null, null, null, null, null, null, Reason(first));
        if (DeLongComponents.Of(second) is not { } b) return new PairedAuc(null, null, null, null, null, null, Reason(second));
        var difference = a.Auc - b.Auc;
        var covariance = a.Covariance(b);
        var error = Math.Sqrt(Math.Max(0, a.Covariance(a) + b.Covariance(b) - (2 * covariance)));
        // Models that order the rows alike leave rounding dust, no variance.
        if (error < 1e-12 && Math.Abs(difference) > 1e-12)
            return new PairedAuc(difference, covariance, null, null, null, null, NotComputable.NoVariance);
        var z = error < 1e-12 ? 0 : difference / error;
        var logP = NormalTail.LogTwoSided(z);
        var half = NormalTail.TwoSidedQuantile(level) * error;
        var interval = new ConfidenceInterval(difference - half, difference + half, level, IntervalMethod.DeLong);
        return new PairedAuc(difference, covariance, z, Math.Exp(logP), logP, interval, null);
    }

    private static NotComputable Reason(BinarySample sample) =>
        sample.Fault ?? (sample.Positives == 0 || sample.Negatives == 0 ? NotComputable.SingleClass : NotComputable.TooFewRows);
}
