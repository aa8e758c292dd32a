using MlOpsPortal.Statistics.Binary;
using MlOpsPortal.Statistics.Intervals;
using MlOpsPortal.Statistics.Numerics;
using MlOpsPortal.Statistics.Regression;

namespace MlOpsPortal.Statistics.Tests.Intervals;

public sealed class BootstrapTests
{
    [Fact]
    public void The_generator_gives_the_published_stream()
    {
        // SplitMix64 of seed 0 begins e220a8397b1dcdaf, 6e789e6aa1b965f4 (reference implementation); xoshiro256** follows from its second word.
        var expected = System.Numerics.BitOperations.RotateLeft(unchecked(0x6e789e6aa1b965f4UL * 5), 7) * 9;
        new Xoshiro256(0).Next().ShouldBe(expected);
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval_and_another_seed_another()
    {
        var rows = Samples.Read("german_credit", "logistic");
        ConfidenceInterval Brier(int seed) =>
            BinaryMetrics.Evaluate(rows.Truth, rows.Exported, intervals: new BootstrapPlan(seed, 200)).Metrics["brier"].Interval!;
        Brier(1).ShouldBe(Brier(1));
        Brier(2).Lower.ShouldNotBe(Brier(1).Lower);
        Brier(1).Bootstrap.ShouldBe(new BootstrapPlan(1, 200));
    }

    [Fact]
    public void Resampled_metrics_equal_those_of_the_rows_written_out()
    {
        var rows = Samples.Read("german_credit", "gradient_boosting");
        var random = new Xoshiro256(3);
        var strata = BinaryMetrics.Strata(rows.Truth);
        var drawn = strata.SelectMany(stratum => stratum.Select(_ => stratum[random.Index(stratum.Length)])).ToArray();
        var weights = new int[rows.Truth.Length];
        foreach (var row in drawn) weights[row]++;
        var values = new double[MetricCatalogue.Binary.Length];
        new BinarySample(rows.Truth, rows.Exported, 0.5).Compute(weights, values);
        var written = BinaryMetrics.Evaluate([.. drawn.Select(row => rows.Truth[row])], [.. drawn.Select(row => rows.Exported[row])]).Metrics;
        for (var i = 0; i < values.Length; i++) values[i].ShouldBe(written[MetricCatalogue.Binary[i].Key].Value!.Value, 1e-12);
    }

    [Fact]
    public void Resampled_regression_metrics_equal_those_of_the_rows_written_out()
    {
        var rows = Samples.Read("diabetes", "ridge");
        var random = new Xoshiro256(5);
        var drawn = rows.Outcome.Select(_ => random.Index(rows.Outcome.Length)).ToArray();
        var weights = new int[rows.Outcome.Length];
        foreach (var row in drawn) weights[row]++;
        var values = new double[MetricCatalogue.Regression.Length];
        new RegressionSample(rows.Outcome, rows.Exported).Compute(weights, values);
        var written = RegressionMetrics.Evaluate([.. drawn.Select(row => rows.Outcome[row])], [.. drawn.Select(row => rows.Exported[row])]).Metrics;
        for (var i = 0; i < values.Length; i++) values[i].ShouldBe(written[MetricCatalogue.Regression[i].Key].Value!.Value, 1e-9);
    }

    [Fact]
    public void Intervals_cover_the_known_value_about_as_often_as_they_say()
    {
        // Scores uniform on 0..1, outcome drawn with that chance: expected Brier score is the mean of p(1-p), 1/6.
        var random = new Xoshiro256(11);
        double Uniform() => (random.Next() >> 11) * (1.0 / (1L << 53));
        var covered = 0;
        const int Trials = 300;
        for (var trial = 0; trial < Trials; trial++)
        {
            var scores = Enumerable.Range(0, 300).Select(_ => Uniform()).ToArray();
            var errors = scores.Select(score => Uniform() < score ? 1 - score : score).ToArray();
            var interval = RegressionMetrics.Evaluate(new double[300], errors, new BootstrapPlan(trial, 200)).Metrics["mse"].Interval!;
            if (interval.Lower <= 1 / 6.0 && interval.Upper >= 1 / 6.0) covered++;
        }

        // 95 % of 300 is 285; the standard error is 3.8, and percentiles of 200 draws are a little narrow.
        covered.ShouldBeInRange(268, 298);
    }

    [Fact]
    public void An_interval_holds_its_metric()
    {
        var rows = Samples.Read("breast_cancer", "xgboost");
        var report = BinaryMetrics.Evaluate(rows.Truth, rows.Exported, intervals: new BootstrapPlan(1));
        foreach (var key in new[] { "roc_auc", "gini", "average_precision", "log_loss", "brier", "f1", "mcc", "accuracy" })
        {
            var interval = report.Metrics[key].Interval.ShouldNotBeNull(key);
            report.Metrics[key].Value!.Value.ShouldBeInRange(interval.Lower, interval.Upper);
        }
    }

    [Fact]
    public void A_plan_without_enough_resamples_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => BinaryMetrics.Evaluate([true, false], [1, 0], intervals: new BootstrapPlan(1, 10)));
}
