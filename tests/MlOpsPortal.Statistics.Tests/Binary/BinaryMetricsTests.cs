using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using MlOpsPortal.Statistics.Binary;
using MlOpsPortal.Statistics.Intervals;

namespace MlOpsPortal.Statistics.Tests.Binary;

public sealed class BinaryMetricsTests
{
    private static readonly Gen<(bool Truth, int Score)[]> Rows =
        (from truth in Gen.Choose(0, 1) from score in Gen.Choose(0, 20) select (truth == 1, score)).ArrayOf();

    [Fact]
    public void The_published_example_gives_the_published_values()
    {
        bool[] truth = [false, false, true, true];
        double[] scores = [0.1, 0.4, 0.35, 0.8];
        var metrics = BinaryMetrics.Evaluate(truth, scores).Metrics;
        metrics["roc_auc"].Value.ShouldBe(0.75);
        metrics["average_precision"].Value!.Value.ShouldBe(0.8333333333, 5e-11);
        metrics["ks"].Value.ShouldBe(0.5);
        BinaryMetrics.RocCurve(truth, scores).ShouldBe([new(0, 0, null), new(0, 0.5, 0.8), new(0.5, 0.5, 0.4), new(0.5, 1, 0.35), new(1, 1, 0.1)]);
        BinaryMetrics.PrecisionRecallCurve(truth, scores).Select(point => Math.Round(point.Precision, 4)).ShouldBe([0.5, 0.6667, 0.5, 1, 1]);
    }

    [Fact]
    public void Brier_Matthews_and_balanced_accuracy_match_their_published_examples()
    {
        BinaryMetrics.Evaluate([false, true, true, false], [0.1, 0.9, 0.8, 0.3]).Metrics["brier"].Value!.Value.ShouldBe(0.0375, 1e-12);
        BinaryMetrics.Evaluate([true, true, true, false], [1, 0, 1, 1]).Metrics["mcc"].Value!.Value.ShouldBe(-0.3333333333, 5e-11);
        BinaryMetrics.Evaluate([false, true, false, false, true, false], [0, 1, 0, 0, 0, 1]).Metrics["balanced_accuracy"].Value.ShouldBe(0.625);
    }

    [Fact]
    public void Reversing_the_scores_mirrors_the_auc() =>
        Prop.ForAll(Rows.ToArbitrary(), rows =>
        {
            var metric = Auc(rows, score => score);
            var mirrored = Auc(rows, score => -score);
            return metric.Value is null
                ? metric.Reason == mirrored.Reason
                : Math.Abs(metric.Value.Value + mirrored.Value!.Value - 1) < 1e-12;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Only_the_order_of_the_scores_matters_to_ranking_metrics() =>
        Prop.ForAll(Rows.ToArbitrary(), rows =>
        {
            var truth = rows.Select(row => row.Truth).ToArray();
            var plain = BinaryMetrics.Evaluate(truth, [.. rows.Select(row => (double)row.Score)]).Metrics;
            var bent = BinaryMetrics.Evaluate(truth, [.. rows.Select(row => Math.Exp(row.Score / 3.0) - 40)]).Metrics;
            return new[] { "roc_auc", "gini", "ks", "average_precision", "pr_auc_trapezoid", "partial_auc_fpr_0.1" }.All(key => plain[key] == bent[key]);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_rows_and_scores_that_are_not_finite_refuse_every_metric_with_the_reason()
    {
        BinaryMetrics.Evaluate([], []).Metrics.Values.ShouldAllBe(metric => metric == Metric.Refused(NotComputable.NoRows));
        foreach (var bad in new[] { double.NaN, double.PositiveInfinity })
        {
            var report = BinaryMetrics.Evaluate([true, false], [bad, 0.5], intervals: new BootstrapPlan(1));
            report.Metrics.Values.ShouldAllBe(metric => metric == Metric.Refused(NotComputable.NotFinite));
            report.Confusion.ShouldBeNull();
            report.Roc.ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_single_class_refuses_what_needs_two_and_keeps_the_rest()
    {
        var negatives = BinaryMetrics.Evaluate([false, false], [0.2, 0.6], intervals: new BootstrapPlan(1)).Metrics;
        negatives["roc_auc"].ShouldBe(Metric.Refused(NotComputable.SingleClass));
        negatives["average_precision"].ShouldBe(Metric.Refused(NotComputable.NoPositives));
        negatives["recall"].ShouldBe(Metric.Refused(NotComputable.NoPositives));
        negatives["accuracy"].Value.ShouldBe(0.5);
        negatives["brier"].Value!.Value.ShouldBe(0.2, 1e-12);
        BinaryMetrics.Evaluate([true, true], [0.2, 0.6]).Metrics["specificity"].ShouldBe(Metric.Refused(NotComputable.NoNegatives));
    }

    [Fact]
    public void Ties_only_give_an_auc_of_one_half_and_no_spread()
    {
        var metrics = BinaryMetrics.Evaluate([true, false, true, false], [0.4, 0.4, 0.4, 0.4]).Metrics;
        metrics["roc_auc"].Value.ShouldBe(0.5);
        metrics["ks"].Value.ShouldBe(0);
        metrics["precision"].ShouldBe(Metric.ByConvention(0, NotComputable.NoPredictedPositives));
        metrics["mcc"].ShouldBe(Metric.ByConvention(0, NotComputable.SinglePredictedClass));
    }

    [Fact]
    public void Scores_outside_zero_and_one_rank_but_are_no_probabilities()
    {
        var report = BinaryMetrics.Evaluate([true, false], [3, -2]);
        report.Metrics["roc_auc"].Value.ShouldBe(1);
        report.Metrics["log_loss"].ShouldBe(Metric.Refused(NotComputable.NotProbabilities));
        report.CalibrationUniform.ShouldBeEmpty();
    }

    [Fact]
    public void Columns_of_different_length_are_the_callers_bug() =>
        Should.Throw<ArgumentException>(() => BinaryMetrics.Evaluate([true], [0.1, 0.2]));

    [Fact]
    public void A_curve_for_display_has_at_most_200_points_and_keeps_the_area()
    {
        var data = Samples.Read("adult", "lightgbm");
        var report = BinaryMetrics.Evaluate(data.Truth, data.Exported);
        report.Roc.Length.ShouldBe(200);
        report.PrecisionRecall.Length.ShouldBe(200);
        (report.Roc[0], report.Roc[^1].FalsePositiveRate, report.Roc[^1].TruePositiveRate).ShouldBe((new RocPoint(0, 0, null), 1, 1));
        var area = report.Roc.Zip(report.Roc.Skip(1))
            .Sum(step => (step.Second.FalsePositiveRate - step.First.FalsePositiveRate) * (step.First.TruePositiveRate + step.Second.TruePositiveRate) / 2);
        area.ShouldBe(report.Metrics["roc_auc"].Value!.Value, 0.001);
    }

    [Fact]
    public void A_report_survives_json()
    {
        var data = Samples.Read("breast_cancer", "mlp");
        var report = BinaryMetrics.Evaluate(data.Truth, data.Exported, intervals: new BootstrapPlan(7, 100));
        var json = JsonSerializer.Serialize(report, JsonSerializerOptions.Web);
        var back = JsonSerializer.Deserialize<BinaryReport>(json, JsonSerializerOptions.Web)!;
        back.Metrics["log_loss"].ShouldBe(report.Metrics["log_loss"]);
        back.Roc.ShouldBe(report.Roc);
        json.ShouldContain("\"method\":\"deLong\"");
        JsonSerializer.Serialize(Metric.Refused(NotComputable.SingleClass), JsonSerializerOptions.Web).ShouldBe("""{"value":null,"reason":"singleClass","interval":null}""");
    }

    private static Metric Auc((bool Truth, int Score)[] rows, Func<double, double> change) =>
        BinaryMetrics.Evaluate([.. rows.Select(row => row.Truth)], [.. rows.Select(row => change(row.Score))]).Metrics["roc_auc"];
}
