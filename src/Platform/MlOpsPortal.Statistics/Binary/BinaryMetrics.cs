using System.Collections.Immutable;
using MlOpsPortal.Statistics.Intervals;

namespace MlOpsPortal.Statistics.Binary;

/// <summary>
/// Metrics of a binary classifier, as scikit-learn computes them. AUC by midranks (Mann-Whitney); KS = max |TPR − FPR| over distinct scores;
/// average precision Σ (Rₙ − Rₙ₋₁)·Pₙ without interpolation; partial AUC up to FPR 0.1, standardised after McClish 1989; log loss in nats with scores
/// clipped by 2.2e-16; ECE over ten equal-width bins, Σ n_b/n·|mean y − mean p|.
/// </summary>
public static class BinaryMetrics
{
    private static readonly string[] NeedBothClasses =
        ["roc_auc", "gini", "ks", "partial_auc_fpr_0.1", "balanced_accuracy", "mcc", "cohen_kappa"];

    private static readonly string[] NeedPositives = ["average_precision", "pr_auc_trapezoid", "recall", "f1", "f2", "jaccard"];

    private static readonly string[] NeedProbabilities = ["log_loss", "brier", "ece"];

    /// <summary>Everything about one model. O(n log n), and O(n) per resample.</summary>
    /// <param name="truth">True for the positive class, one per row.</param>
    /// <param name="scores">Higher means more likely positive; probabilities 0..1 for log loss, Brier and ECE.</param>
    /// <param name="threshold">Decision threshold, in the unit of the scores.</param>
    /// <param name="intervals">Adds intervals: DeLong's for AUC and Gini, percentile bootstrap for the others. Null: none.</param>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public static BinaryReport Evaluate(ReadOnlySpan<bool> truth, ReadOnlySpan<double> scores, double threshold = 0.5, BootstrapPlan? intervals = null)
    {
        var sample = new BinarySample(truth, scores, threshold);
        var metrics = Point(sample);
        if (intervals is not null && sample.Fault is null) metrics = WithIntervals(sample, metrics, truth, BootstrapPlan.Check(intervals));
        var drawable = sample is { Fault: null, Positives: > 0, Negatives: > 0 };
        var calibrated = sample is { Fault: null, AreProbabilities: true };
        return new BinaryReport(
            sample.Rows,
            sample.Positives,
            threshold,
            metrics,
            sample.Fault is null ? sample.ConfusionAtThreshold() : null,
            drawable ? DownSample.Points(BinaryCurves.Roc(sample), point => point.FalsePositiveRate, point => point.TruePositiveRate) : [],
            drawable ? DownSample.Points(BinaryCurves.PrecisionRecall(sample), point => point.Recall, point => point.Precision) : [],
            calibrated ? BinaryCurves.Calibration(sample, BinaryCurves.UniformEdges()) : [],
            calibrated ? BinaryCurves.Calibration(sample, BinaryCurves.QuantileEdges(sample)) : [],
            drawable ? BinaryCurves.Gains(sample) : []);
    }

    /// <summary>The ROC curve with a point for every distinct score, from (0,0) to (1,1). Empty when not computable.</summary>
    public static ImmutableArray<RocPoint> RocCurve(ReadOnlySpan<bool> truth, ReadOnlySpan<double> scores) =>
        new BinarySample(truth, scores, 0) is { Fault: null, Positives: > 0, Negatives: > 0 } sample ? [.. BinaryCurves.Roc(sample)] : [];

    /// <summary>The precision-recall curve with a point for every distinct score, from recall 1 to recall 0. Empty when not computable.</summary>
    public static ImmutableArray<PrecisionRecallPoint> PrecisionRecallCurve(ReadOnlySpan<bool> truth, ReadOnlySpan<double> scores) =>
        new BinarySample(truth, scores, 0) is { Fault: null, Positives: > 0, Negatives: > 0 } sample ? [.. BinaryCurves.PrecisionRecall(sample)] : [];

    internal static Dictionary<string, Metric> Point(BinarySample sample)
    {
        var values = new double[sample.MetricCount];
        if (sample.Fault is null)
        {
            var once = new int[sample.Rows];
            Array.Fill(once, 1);
            sample.Compute(once, values);
        }

        var confusion = sample.Fault is null ? sample.ConfusionAtThreshold() : null;
        var metrics = new Dictionary<string, Metric>(StringComparer.Ordinal);
        for (var i = 0; i < values.Length; i++)
        {
            var key = MetricCatalogue.Binary[i].Key;
            metrics[key] = Refusal(sample, key) is { } reason ? Metric.Refused(reason)
                : Convention(confusion!, key) is { } convention ? Metric.ByConvention(values[i], convention)
                : Metric.Of(values[i]);
        }

        return metrics;
    }

    internal static int[][] Strata(ReadOnlySpan<bool> truth)
    {
        var positives = new List<int>();
        var negatives = new List<int>();
        for (var i = 0; i < truth.Length; i++) (truth[i] ? positives : negatives).Add(i);
        return [[.. negatives], [.. positives]];
    }

    private static NotComputable? Refusal(BinarySample sample, string key)
    {
        if (sample.Fault is { } fault) return fault;
        if (NeedProbabilities.Contains(key) && !sample.AreProbabilities) return NotComputable.NotProbabilities;
        if (NeedBothClasses.Contains(key) && (sample.Positives == 0 || sample.Negatives == 0)) return NotComputable.SingleClass;
        if (NeedPositives.Contains(key) && sample.Positives == 0) return NotComputable.NoPositives;
        return key is "specificity" && sample.Negatives == 0 ? NotComputable.NoNegatives : null;
    }

    private static NotComputable? Convention(Confusion confusion, string key)
    {
        var predicted = confusion.TruePositives + confusion.FalsePositives;
        if (key is "precision" && predicted == 0) return NotComputable.NoPredictedPositives;
        var single = predicted == 0 || confusion.TrueNegatives + confusion.FalseNegatives == 0;
        return key is "mcc" && single ? NotComputable.SinglePredictedClass : null;
    }

    private static Dictionary<string, Metric> WithIntervals(
        BinarySample sample, Dictionary<string, Metric> metrics, ReadOnlySpan<bool> truth, BootstrapPlan plan)
    {
        var draws = Bootstrap.Draw(Strata(truth), [sample], plan)[0];
        var components = DeLongComponents.Of(sample);
        for (var i = 0; i < draws.Length; i++)
        {
            var key = MetricCatalogue.Binary[i].Key;
            if (metrics[key].Value is null) continue;
            var interval = key switch
            {
                "roc_auc" => components?.Interval(plan.Level),
                "gini" => components?.Interval(plan.Level) is { } auc ? auc with { Lower = (2 * auc.Lower) - 1, Upper = (2 * auc.Upper) - 1 } : null,
                _ => Bootstrap.Percentiles(draws[i], plan),
            };
            metrics[key] = metrics[key] with { Interval = interval };
        }

        return metrics;
    }
}
