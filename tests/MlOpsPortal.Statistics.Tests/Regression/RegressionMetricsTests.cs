using MlOpsPortal.Statistics.Intervals;
using MlOpsPortal.Statistics.Regression;

namespace MlOpsPortal.Statistics.Tests.Regression;

public sealed class RegressionMetricsTests
{
    [Theory]
    [MemberData(nameof(Samples.RegressionModels), MemberType = typeof(Samples))]
    public void Metrics_equal_those_of_scikit_learn_and_scipy(string folder, string model)
    {
        var data = Samples.Read(folder, model);
        var expected = Samples.Json(folder, "expected", model + ".json").GetProperty("metrics");
        var report = RegressionMetrics.Evaluate(data.Outcome, data.Exported);
        report.Rows.ShouldBe(expected.GetProperty("rows").GetInt32());
        foreach (var (key, metric) in report.Metrics)
        {
            if (expected.TryGetProperty(key is "bias" ? "bias_mean_error (definition)" : key, out var theirs))
                metric.Value.ShouldNotBeNull(key).ShouldBe(theirs, key);
            else
                metric.Reason.ShouldBe(key is "mean_poisson_deviance" ? NotComputable.NotPositivePredictions : NotComputable.NegativeValues);
        }
    }

    [Fact]
    public void Published_examples_give_the_published_values()
    {
        var metrics = RegressionMetrics.Evaluate([3, -0.5, 2, 7], [2.5, 0, 2, 8]).Metrics;
        metrics["mae"].Value.ShouldBe(0.5);
        metrics["rmse"].Value!.Value.ShouldBe(0.6123724357, 5e-11);
        metrics["r2"].Value!.Value.ShouldBe(0.9486081370, 5e-11);
        metrics["mape"].Value!.Value.ShouldBe(0.3273809524, 5e-11);
        metrics["msle"].ShouldBe(Metric.Refused(NotComputable.NegativeValues));
        RegressionMetrics.Evaluate([1, 2, 3], [0, 2, 3]).Metrics["pinball_0.9"].Value!.Value.ShouldBe(0.3, 1e-12);
        RegressionMetrics.Evaluate([1, 2, 3], [1, 2, 4]).Metrics["pinball_0.9"].Value!.Value.ShouldBe(0.0333333, 5e-8);
    }

    [Fact]
    public void Faulty_columns_are_refused_with_their_reason()
    {
        RegressionMetrics.Evaluate([], []).Metrics.Values.ShouldAllBe(metric => metric == Metric.Refused(NotComputable.NoRows));
        RegressionMetrics.Evaluate([1, double.NaN], [1, 2]).Metrics.Values.ShouldAllBe(metric => metric == Metric.Refused(NotComputable.NotFinite));
        var constant = RegressionMetrics.Evaluate([4, 4, 4], [3, 4, 5], new BootstrapPlan(1)).Metrics;
        constant["r2"].ShouldBe(Metric.Refused(NotComputable.ConstantOutcome));
        constant["mae"].Value!.Value.ShouldBe(2 / 3.0, 1e-12);
        var flat = RegressionMetrics.Evaluate([1, 2, 3], [2, 2, 2]).Metrics;
        flat["pearson_r"].ShouldBe(Metric.Refused(NotComputable.ConstantPrediction));
        flat["r2"].Value.ShouldBe(0);
        RegressionMetrics.Evaluate([1], [2]).Metrics["r2"].ShouldBe(Metric.Refused(NotComputable.TooFewRows));
        Should.Throw<ArgumentException>(() => RegressionMetrics.Evaluate([1], [1, 2]));
    }

    [Fact]
    public void Charts_account_for_every_row()
    {
        var data = Samples.Read("bike", "lightgbm");
        var report = RegressionMetrics.Evaluate(data.Outcome, data.Exported);
        report.Residuals.Sum(bin => bin.Rows).ShouldBe(717);
        report.PredictedAgainstActual.Sum(cell => cell.Rows).ShouldBe(717);
        report.ByPrediction.Sum(group => group.Rows).ShouldBe(717);
        report.ByPrediction.Select(group => group.MeanPredicted).ShouldBeInOrder();
    }
}
