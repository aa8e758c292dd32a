using MlOpsPortal.Statistics.Intervals;

namespace MlOpsPortal.Statistics.Regression;

/// <summary>
/// Metrics of a regression model, as scikit-learn computes them. Bias is the mean of prediction minus outcome. MAPE is a fraction, |y| floored at
/// 2.2e-16. Pinball α: mean of α·max(y−ŷ,0)+(1−α)·max(ŷ−y,0). MSLE, RMSLE and the Poisson deviance need values that have logarithms.
/// </summary>
public static class RegressionMetrics
{
    private static readonly string[] NeedSpread = ["r2", "explained_variance", "pearson_r", "spearman_r"];

    /// <summary>Everything about one model. O(n log n), and O(n) per resample.</summary>
    /// <param name="truth">Outcome, one per row.</param>
    /// <param name="prediction">In the unit of the outcome.</param>
    /// <param name="intervals">Adds percentile-bootstrap intervals (all metrics but the maximum, whose bootstrap is not valid). Null: none.</param>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public static RegressionReport Evaluate(ReadOnlySpan<double> truth, ReadOnlySpan<double> prediction, BootstrapPlan? intervals = null)
    {
        var sample = new RegressionSample(truth, prediction);
        var metrics = Point(sample);
        if (sample.Fault is not null) return new RegressionReport(sample.Rows, metrics, [], [], []);
        if (intervals is not null) AddIntervals(sample, metrics, BootstrapPlan.Check(intervals));
        return new RegressionReport(
            sample.Rows,
            metrics,
            RegressionCharts.Histogram(sample.Errors, 20),
            RegressionCharts.Grid(truth, prediction, 30),
            RegressionCharts.Groups(truth, prediction, sample.ByPrediction, 10));
    }

    internal static Dictionary<string, Metric> Point(RegressionSample sample)
    {
        var values = new double[sample.MetricCount];
        if (sample.Fault is null)
        {
            var once = new int[sample.Rows];
            Array.Fill(once, 1);
            sample.Compute(once, values);
        }

        var metrics = new Dictionary<string, Metric>(StringComparer.Ordinal);
        for (var i = 0; i < values.Length; i++)
        {
            var key = MetricCatalogue.Regression[i].Key;
            metrics[key] = Refusal(sample, key) is { } reason ? Metric.Refused(reason) : Metric.Of(values[i]);
        }

        return metrics;
    }

    internal static int[][] Strata(int rows) => [[.. Enumerable.Range(0, rows)]];

    private static NotComputable? Refusal(RegressionSample sample, string key)
    {
        if (sample.Fault is { } fault) return fault;
        if (NeedSpread.Contains(key))
        {
            if (sample.Rows < 2) return NotComputable.TooFewRows;
            if (sample.ConstantTruth) return NotComputable.ConstantOutcome;
            if (sample.ConstantPrediction && (key is "pearson_r" or "spearman_r")) return NotComputable.ConstantPrediction;
        }

        return key switch
        {
            "msle" or "rmsle" when sample.AnyNegative => NotComputable.NegativeValues,
            "mean_poisson_deviance" when sample.NegativeTruth => NotComputable.NegativeValues,
            "mean_poisson_deviance" when sample.NotPositivePrediction => NotComputable.NotPositivePredictions,
            _ => null,
        };
    }

    private static void AddIntervals(RegressionSample sample, Dictionary<string, Metric> metrics, BootstrapPlan plan)
    {
        var draws = Bootstrap.Draw(Strata(sample.Rows), [sample], plan)[0];
        for (var i = 0; i < draws.Length; i++)
        {
            var definition = MetricCatalogue.Regression[i];
            if (definition.Resamples && metrics[definition.Key].Value is not null)
                metrics[definition.Key] = metrics[definition.Key] with { Interval = Bootstrap.Percentiles(draws[i], plan) };
        }
    }
}
