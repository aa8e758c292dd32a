using MlOpsPortal.Statistics.Comparison;
using MlOpsPortal.Statistics.Intervals;

namespace MlOpsPortal.Statistics.Tests.Comparison;

public sealed class ComparisonSamplesTests
{
    private static readonly BootstrapPlan Plan = new(20260101, 200);

    [Theory]
    [MemberData(nameof(Samples.BinaryFolderRows), MemberType = typeof(Samples))]
    public void DeLong_equals_pROC_and_McNemar_equals_statsmodels(string folder)
    {
        var expected = Samples.Json(folder, "expected", "comparison.json");
        foreach (var model in expected.GetProperty("auc").EnumerateObject())
        {
            var data = Samples.Read(folder, model.Name);
            var estimate = DeLong.Estimate(data.Truth, data.Exported);
            estimate.Auc!.Value.ShouldBe(model.Value.GetProperty("auc"), "auc");
            estimate.Variance!.Value.ShouldBe(model.Value.GetProperty("delong_variance"), "variance");
            estimate.Interval!.Lower.ShouldBe(model.Value.GetProperty("ci95_low"), "low");
            estimate.Interval.Upper.ShouldBe(model.Value.GetProperty("ci95_high"), "high");
        }

        foreach (var pair in expected.GetProperty("paired").EnumerateArray())
        {
            var (a, b) = (Samples.Read(folder, pair.GetProperty("a").GetString()!), Samples.Read(folder, pair.GetProperty("b").GetString()!));
            var test = DeLong.Compare(a.Truth, a.Exported, b.Exported);
            test.Z!.Value.ShouldBe(pair.GetProperty("delong_z"), "z", 1e-8);
            test.P!.Value.ShouldBe(pair.GetProperty("delong_p"), "p", 1e-6);
            test.Covariance!.Value.ShouldBe(pair.GetProperty("delong_covariance"), "covariance");
            (test.Interval!.ExcludesZero == test.P < 0.05).ShouldBeTrue();

            var theirs = pair.GetProperty("mcnemar");
            var mcNemar = McNemar.Compare(a.Truth, Decide(a), Decide(b));
            mcNemar.FirstRightSecondWrong.ShouldBe(theirs.GetProperty("a_right_b_wrong").GetInt32());
            mcNemar.FirstWrongSecondRight.ShouldBe(theirs.GetProperty("a_wrong_b_right").GetInt32());
            mcNemar.ExactP.ShouldBe(theirs.GetProperty("exact").GetProperty("p"), "exact", 1e-9);
            mcNemar.CorrectedStatistic!.Value.ShouldBe(theirs.GetProperty("corrected").GetProperty("statistic"), "corrected");
            mcNemar.CorrectedP!.Value.ShouldBe(theirs.GetProperty("corrected").GetProperty("p"), "corrected p", 1e-6);
            mcNemar.UncorrectedStatistic!.Value.ShouldBe(theirs.GetProperty("uncorrected").GetProperty("statistic"), "uncorrected");
            mcNemar.UncorrectedP!.Value.ShouldBe(theirs.GetProperty("uncorrected").GetProperty("p"), "uncorrected p", 1e-6);
        }
    }

    [Fact]
    public void Logistic_against_random_forest_on_breast_cancer_shows_no_detectable_difference()
    {
        var comparison = Compare("breast_cancer", "logistic", "random_forest");
        comparison.Winner.ShouldBeNull();
        comparison.Pairs.Single().Metrics["roc_auc"].Verdict.ShouldBe(Verdict.NoDetectableDifference);
        comparison.Pairs.Single().DeLong!.P!.Value.ShouldBe(0.117, 0.001);
    }

    [Fact]
    public void Lightgbm_against_random_forest_on_retail_names_lightgbm()
    {
        Compare("retail/response_model", "lightgbm", "random_forest").Winner.ShouldBe("lightgbm");
        Compare("retail/response_model", "random_forest", "lightgbm").Winner.ShouldBe("lightgbm");
    }

    [Fact]
    public void A_winner_is_named_only_if_it_beats_each_other_model()
    {
        // lightgbm beats random_forest, but not logistic (p 0.07).
        Compare("retail/response_model", "lightgbm", "random_forest", "logistic").Winner.ShouldBeNull();
        Compare("adult", "xgboost", "lightgbm", "logistic", "random_forest").Winner.ShouldBe("lightgbm");
    }

    [Fact]
    public void Lower_is_better_turns_the_verdict_round()
    {
        var metrics = Compare("adult", "lightgbm", "logistic").Pairs.Single().Metrics;
        metrics["log_loss"].Difference!.Value.ShouldBeLessThan(0);
        metrics["log_loss"].Verdict.ShouldBe(Verdict.Better);
        metrics["roc_auc"].Verdict.ShouldBe(Verdict.Better);
        metrics["gini"].Interval!.Lower.ShouldBe(2 * metrics["roc_auc"].Interval!.Lower);
    }

    [Fact]
    public void A_regression_winner_is_decided_by_rmse()
    {
        var rows = Samples.Read("bike", "lightgbm");
        var comparison = RegressionComparisons.Compare(
            rows.Outcome, [new("lightgbm", rows.Exported), new("poisson", Samples.Read("bike", "poisson").Exported)], Plan);
        comparison.Winner.ShouldBe("lightgbm");
        comparison.Pairs.Single().Metrics["bias"].Verdict.ShouldBe(Verdict.Better);
        comparison.Pairs.Single().Metrics.ContainsKey("max_error").ShouldBeFalse();
    }

    [Fact]
    public void A_model_that_cannot_be_evaluated_is_neither_better_nor_worse()
    {
        bool[] truth = [true, false, true, false];
        var comparison = BinaryComparisons.Compare(
            truth, [new("good", new[] { 0.9, 0.1, 0.8, 0.3 }), new("broken", new[] { double.NaN, 0, 1, 0 })], Plan);
        comparison.Winner.ShouldBeNull();
        comparison.Pairs.Single().Metrics.Values.ShouldAllBe(metric => metric.Verdict == Verdict.NotComputable && metric.Reason == NotComputable.NotFinite);
        comparison.Pairs.Single().McNemar.ShouldBeNull();
    }

    [Fact]
    public void A_model_against_itself_differs_in_nothing()
    {
        var rows = Samples.Read("german_credit", "logistic");
        var comparison = BinaryComparisons.Compare(rows.Truth, [new("a", rows.Exported), new("b", rows.Exported)], Plan);
        comparison.Pairs.Single().DeLong!.P.ShouldBe(1);
        comparison.Pairs.Single().Metrics.Values.ShouldAllBe(metric => metric.Verdict == Verdict.NoDetectableDifference && metric.Difference == 0);
        Should.Throw<ArgumentException>(() => BinaryComparisons.Compare(rows.Truth, [new("a", rows.Exported), new("a", rows.Exported)], Plan));
    }

    private static ModelComparison Compare(string folder, params string[] models) =>
        BinaryComparisons.Compare(
            Samples.Read(folder, models[0]).Truth,
            [.. models.Select(model => new BinaryCandidate(model, Samples.Read(folder, model).Exported))],
            Plan);

    private static bool[] Decide(Predictions rows) => [.. rows.Exported.Select(score => score >= 0.5)];
}
