using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Statistics.Comparison;
using MlOpsPortal.Statistics.Intervals;
using MlOpsPortal.Statistics.Multiclass;

namespace MlOpsPortal.Statistics.Tests.Multiclass;

public sealed class MulticlassMetricsTests
{
    private static readonly ImmutableArray<string> Three = ["a", "b", "c"];

    [Theory]
    [InlineData("logistic")]
    [InlineData("random_forest")]
    [InlineData("lightgbm")]
    public void Metrics_equal_those_of_scikit_learn(string model)
    {
        var (truth, probabilities) = Wine(model);
        var expected = Samples.Json("wine", "expected", model + ".json").GetProperty("metrics");

        var report = MulticlassMetrics.Evaluate(truth, probabilities, Three);

        foreach (var (key, metric) in report.Metrics)
            metric.Value.ShouldNotBeNull(key).ShouldBe(expected.GetProperty(key == "brier_sum" ? "brier_sum (definition)" : key), key);
        for (var row = 0; row < 3; row++)
            report.Confusion[row].ShouldBe(expected.GetProperty("confusion")[row].EnumerateArray().Select(cell => cell.GetInt32()));
        var perClass = expected.GetProperty("per_class");
        foreach (var (one, index) in report.PerClass.Select((one, index) => (one, index)))
        {
            one.Support.ShouldBe(perClass.GetProperty("support")[index].GetInt32());
            one.Precision.Value.ShouldNotBeNull().ShouldBe(perClass.GetProperty("precision")[index], "precision");
            one.Recall.Value.ShouldNotBeNull().ShouldBe(perClass.GetProperty("recall")[index], "recall");
            one.F1.Value.ShouldNotBeNull().ShouldBe(perClass.GetProperty("f1")[index], "f1");
        }
    }

    [Fact]
    public void Every_metric_has_an_interval_around_it_that_the_same_seed_draws_again()
    {
        var (truth, probabilities) = Wine("logistic");

        var first = MulticlassMetrics.Evaluate(truth, probabilities, Three, new BootstrapPlan(3, 400)).Metrics;
        var second = MulticlassMetrics.Evaluate(truth, probabilities, Three, new BootstrapPlan(3, 400)).Metrics;

        foreach (var (key, metric) in first)
        {
            var interval = metric.Interval.ShouldNotBeNull(key);
            interval.Lower.ShouldBeLessThanOrEqualTo(metric.Value!.Value, key);
            interval.Upper.ShouldBeGreaterThanOrEqualTo(metric.Value.Value, key);
            second[key].Interval.ShouldBe(interval, key);
        }
    }

    [Fact]
    public void Two_classes_agree_with_the_binary_auc()
    {
        int[] truth = [0, 1, 1, 0, 1, 0];
        double[] positive = [0.1, 0.8, 0.4, 0.4, 0.9, 0.6];
        var both = positive.SelectMany(share => new[] { 1 - share, share }).ToArray();

        var report = MulticlassMetrics.Evaluate(truth, both, ["no", "yes"]);

        var binary = MlOpsPortal.Statistics.Binary.BinaryMetrics.Evaluate([.. truth.Select(value => value == 1)], positive).Metrics;
        report.Metrics["roc_auc_ovo_macro"].Value!.Value.ShouldBe(binary["roc_auc"].Value!.Value, 1e-12);
        report.Metrics["roc_auc_ovr_macro"].Value!.Value.ShouldBe(binary["roc_auc"].Value!.Value, 1e-12);
        report.Metrics["log_loss"].Value!.Value.ShouldBe(binary["log_loss"].Value!.Value, 1e-12);
    }

    [Fact]
    public void A_class_without_rows_has_no_area_and_takes_no_part_in_averages()
    {
        var report = MulticlassMetrics.Evaluate([0, 1], [0.8, 0.2, 0, 0.3, 0.7, 0], Three);

        report.Metrics["roc_auc_ovr_macro"].Reason.ShouldBe(NotComputable.MissingClass);
        report.Metrics["f1_macro"].Value.ShouldBe(1);
        report.Metrics["accuracy"].Value.ShouldBe(1);
        report.PerClass[2].Recall.Reason.ShouldBe(NotComputable.NoPositives);
    }

    [Fact]
    public void What_is_no_probability_still_decides()
    {
        var report = MulticlassMetrics.Evaluate([0, 1], [3, 1, 1, 4], ["a", "b"]);

        report.Metrics["log_loss"].Reason.ShouldBe(NotComputable.NotProbabilities);
        report.Metrics["accuracy"].Value.ShouldBe(1);
    }

    [Fact]
    public void Rows_that_cannot_be_evaluated_give_the_reason_for_every_metric()
    {
        MulticlassMetrics.Evaluate([], [], Three).Metrics.Values.ShouldAllBe(metric => metric.Reason == NotComputable.NoRows);
        MulticlassMetrics.Evaluate([0], [double.NaN, 0, 0], Three).Metrics.Values.ShouldAllBe(metric => metric.Reason == NotComputable.NotFinite);
    }

    [Fact]
    public void A_model_against_itself_shows_no_difference_and_against_the_shares_it_wins()
    {
        var (truth, probabilities) = Wine("lightgbm");
        var shares = Enumerable.Repeat(new[] { 0.34, 0.39, 0.27 }, truth.Length).SelectMany(row => row).ToArray();

        var comparison = MulticlassComparisons.Compare(truth, 3, [new("one", probabilities), new("same", probabilities), new("shares", shares)], new BootstrapPlan(1, 200));

        comparison.Pairs[0].Metrics["log_loss"].Verdict.ShouldBe(Verdict.NoDetectableDifference);
        comparison.Pairs[1].Metrics["log_loss"].Verdict.ShouldBe(Verdict.Better);
        comparison.Winner.ShouldBeNull();
    }

    private static (int[] Truth, double[] Probabilities) Wine(string model)
    {
        var rows = Samples.Table("wine", "predictions", model + ".csv").Skip(1).ToArray();
        return (
            [.. rows.Select(row => int.Parse(row[1], CultureInfo.InvariantCulture))],
            [.. rows.SelectMany(row => row.Skip(2).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)))]);
    }
}
