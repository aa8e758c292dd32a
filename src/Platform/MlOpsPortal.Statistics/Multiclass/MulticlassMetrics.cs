using System.Collections.Immutable;
using MlOpsPortal.Statistics.Binary;
using MlOpsPortal.Statistics.Intervals;

namespace MlOpsPortal.Statistics.Multiclass;

/// <summary>
/// Metrics of a classifier of several classes, as scikit-learn computes them. The decision is the class of the highest probability, the first of equal
/// ones. Log loss (nats) and Brier (summed over the classes) are of rows brought to sum one; AUC one against the rest and one against one (Hand, Till 2001).
/// Micro averages equal the accuracy and are not repeated.
/// </summary>
public static class MulticlassMetrics
{
    private const int RocPoints = 100;
    private static readonly string[] NeedEveryClass = ["roc_auc_ovr_macro", "roc_auc_ovr_weighted", "roc_auc_ovo_macro", "roc_auc_ovo_weighted"];
    private static readonly string[] NeedProbabilities = [.. NeedEveryClass, "log_loss", "brier_sum"];

    /// <summary>Everything about one model. O(k·n log n), and O(k·n) per resample.</summary>
    /// <param name="truth">Number of the row's class, from 0.</param>
    /// <param name="probabilities">Row by row, one per class, 0..1, summing to one.</param>
    /// <param name="classes">Names, in the order of the probabilities.</param>
    /// <param name="intervals">Adds percentile-bootstrap intervals, drawn within each class. Null: none.</param>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public static MulticlassReport Evaluate(ReadOnlySpan<int> truth, ReadOnlySpan<double> probabilities, ImmutableArray<string> classes, BootstrapPlan? intervals = null)
    {
        var sample = new MulticlassSample(truth, probabilities, classes.Length);
        var metrics = Point(sample);
        if (sample.Fault is not null) return new MulticlassReport(sample.Rows, classes, metrics, [], []);
        if (intervals is not null) AddIntervals(sample, metrics, truth, BootstrapPlan.Check(intervals));
        var confusion = sample.Confusion(Once(sample.Rows));
        var table = new DecisionTable(confusion);
        var perClass = ImmutableArray.CreateBuilder<ClassReport>();
        for (var c = 0; c < classes.Length; c++) perClass.Add(OfClass(c, classes[c], sample, table, truth, probabilities));
        return new MulticlassReport(
            sample.Rows, classes, metrics, [.. confusion.Select(row => ImmutableArray.CreateRange(row.Select(rows => (int)rows)))], perClass.ToImmutable());
    }

    internal static Dictionary<string, Metric> Point(MulticlassSample sample)
    {
        var values = new double[sample.MetricCount];
        if (sample.Fault is null) sample.Compute(Once(sample.Rows), values);
        var metrics = new Dictionary<string, Metric>(StringComparer.Ordinal);
        for (var i = 0; i < values.Length; i++)
        {
            var key = MetricCatalogue.Multiclass[i].Key;
            metrics[key] = Refusal(sample, key) is { } reason ? Metric.Refused(reason)
                : key is "mcc" && sample.SingleDecision ? Metric.ByConvention(values[i], NotComputable.SinglePredictedClass)
                : Metric.Of(values[i]);
        }

        return metrics;
    }

    internal static int[][] Strata(ReadOnlySpan<int> truth, int classes)
    {
        var strata = Enumerable.Range(0, classes).Select(_ => new List<int>()).ToArray();
        for (var i = 0; i < truth.Length; i++) strata[truth[i]].Add(i);
        return [.. strata.Select(rows => rows.ToArray())];
    }

    private static int[] Once(int rows)
    {
        var once = new int[rows];
        Array.Fill(once, 1);
        return once;
    }

    private static NotComputable? Refusal(MulticlassSample sample, string key)
    {
        if (sample.Fault is { } fault) return fault;
        if (NeedProbabilities.Contains(key) && !sample.AreProbabilities) return NotComputable.NotProbabilities;
        if (NeedEveryClass.Contains(key) && sample.Support.Contains(0)) return NotComputable.MissingClass;
        return key is "mcc" or "cohen_kappa" && sample.Support.Count(rows => rows > 0) < 2 ? NotComputable.SingleClass : null;
    }

    private static ClassReport OfClass(int c, string name, MulticlassSample sample, DecisionTable table, ReadOnlySpan<int> truth, ReadOnlySpan<double> probabilities)
    {
        var isClass = new bool[truth.Length];
        var scores = new double[truth.Length];
        for (var row = 0; row < truth.Length; row++) (isClass[row], scores[row]) = (truth[row] == c, probabilities[(row * sample.Classes) + c]);
        var one = new BinarySample(isClass, scores, 0.5);
        var both = one is { Positives: > 0, Negatives: > 0 };
        return new ClassReport(
            name, sample.Support[c],
            Metric.Of(table.Precision(c)),
            sample.Support[c] == 0 ? Metric.Refused(NotComputable.NoPositives) : Metric.Of(table.Recall(c)),
            sample.Support[c] == 0 ? Metric.Refused(NotComputable.NoPositives) : Metric.Of(table.F1(c)),
            both ? BinaryMetrics.Point(one)["roc_auc"] with { Interval = DeLongComponents.Of(one)?.Interval(0.95) } : Metric.Refused(NotComputable.SingleClass),
            both ? DownSample.Points(BinaryCurves.Roc(one), point => point.FalsePositiveRate, point => point.TruePositiveRate, RocPoints) : []);
    }

    private static void AddIntervals(MulticlassSample sample, Dictionary<string, Metric> metrics, ReadOnlySpan<int> truth, BootstrapPlan plan)
    {
        var draws = Bootstrap.Draw(Strata(truth, sample.Classes), [sample], plan)[0];
        for (var i = 0; i < draws.Length; i++)
        {
            var key = MetricCatalogue.Multiclass[i].Key;
            if (metrics[key].Value is not null) metrics[key] = metrics[key] with { Interval = Bootstrap.Percentiles(draws[i], plan) };
        }
    }
}
