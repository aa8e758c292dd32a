using System.Globalization;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Evaluation.Breakdown;
using MlOpsPortal.Statistics;

namespace MlOpsPortal.Models.Tests.Evaluation;

/// <summary>Slices, fairness and importance of the portal's own scoring, beside Fairlearn and scikit-learn.</summary>
public sealed class BreakdownTests
{
    /// <summary>Standard errors that two random estimates of the same thing may lie apart.</summary>
    private const double Spread = 5;

    [Theory]
    [InlineData("adult", "logistic", "sex")]
    [InlineData("adult", "logistic", "race")]
    [InlineData("adult", "lightgbm", "sex")]
    [InlineData("adult", "lightgbm", "race")]
    [InlineData("adult", "random_forest", "race")]
    [InlineData("german_credit", "gradient_boosting", "sex")]
    [InlineData("retail/response_model", "lightgbm", "city_type")]
    [InlineData("retail/response_model", "logistic", "city_type")]
    public void Fairness_by_a_sensitive_attribute_equals_fairlearns(string folder, string model, string attribute)
    {
        var sample = new Sample(folder, model);
        using var child = new TestChild();
        var (signature, contract) = Given(child, sample);

        var breakdown = child.BreakDown(sample, signature, contract, new BreakdownSpec(Slices: false, [attribute], null));

        Fairness.ShouldEqual(breakdown.Fairness.ShouldHaveSingleItem(), sample.Expected()["fairness"]![attribute]!, 1e-9);
    }

    [Theory]
    [InlineData("breast_cancer", "logistic")]
    [InlineData("german_credit", "logistic")]
    [InlineData("german_credit", "random_forest")]
    [InlineData("adult", "logistic")]
    [InlineData("diabetes", "ridge")]
    [InlineData("bike", "lightgbm")]
    public void Permutation_importance_agrees_with_scikit_learns_within_the_spread_of_both(string folder, string model)
    {
        var sample = new Sample(folder, model);
        using var child = new TestChild();
        var (signature, contract) = Given(child, sample);

        var report = child.BreakDown(sample, signature, contract, new BreakdownSpec(Slices: false, [], new ImportanceSpec(10, 100_000))).Importance.ShouldNotBeNull();

        var expected = sample.Expected()["permutation_importance"]!;
        report.Metric.ShouldBe(expected["score"]!.GetValue<string>());
        report.Base.ShouldBe(expected["base"]!.GetValue<double>(), Math.Abs(expected["base"]!.GetValue<double>()) * 1e-6);
        report.Rows.ShouldBe(report.OfRows);
        var repeats = expected["repeats"]!.GetValue<int>();
        foreach (var (feature, theirs) in expected["features"]!.AsObject())
        {
            var ours = report.Features.ShouldHaveSingleItemOf(feature);
            var (mean, sd) = (theirs!["mean"]!.GetValue<double>(), theirs["sd"]!.GetValue<double>());
            var error = Math.Sqrt((ours.Sd * ours.Sd / report.Repeats) + (sd * sd / repeats));
            Math.Abs(ours.Mean - mean).ShouldBeLessThanOrEqualTo((Spread * error) + 1e-9, string.Create(CultureInfo.InvariantCulture, $"{sample} {feature}: {ours.Mean} ± {ours.Sd}, expected {mean} ± {sd}"));
        }
    }

    [Fact]
    public void The_same_seed_shuffles_the_same_and_a_sample_says_of_how_many_rows_it_was_drawn()
    {
        var sample = new Sample("adult", "logistic");
        using var child = new TestChild();
        var (signature, contract) = Given(child, sample);
        var spec = new BreakdownSpec(Slices: false, [], new ImportanceSpec(2, 500));

        var first = child.BreakDown(sample, signature, contract, spec).Importance.ShouldNotBeNull();
        var second = child.BreakDown(sample, signature, contract, spec).Importance.ShouldNotBeNull();

        (first.Rows, first.OfRows).ShouldBe((500, 9769));
        second.Features.ShouldBe(first.Features);
    }

    [Fact]
    public void Slices_cover_values_ranges_and_missing_ones_and_together_every_row()
    {
        var sample = new Sample("retail/response_model", "lightgbm");
        using var child = new TestChild();
        var (signature, contract) = Given(child, sample);

        var slices = child.BreakDown(sample, signature, contract, new BreakdownSpec(Slices: true, [], null)).Slices;

        slices.ShouldAllBe(column => column.Groups.Sum(group => group.Rows) == 13_867);
        var category = slices.First(column => column.Column == "category");
        category.Ranges.ShouldBeFalse();
        category.Groups.ShouldAllBe(group => group.Metrics["roc_auc"].Interval != null && group.Metrics["log_loss"].Interval != null);
        var age = slices.First(column => column.Column == "age");
        age.Ranges.ShouldBeTrue();
        age.Groups.Length.ShouldBe(5);
        age.Groups[^1].Group.ShouldBe("missing");
        age.Groups[0].Rows.ShouldBeInRange(2500, 3800);
        slices.ShouldNotContain(column => column.Column == contract.Target);
    }

    [Fact]
    public void A_small_group_is_counted_and_not_measured()
    {
        var sample = new Sample("adult", "logistic");
        using var child = new TestChild();
        var (signature, contract) = Given(child, sample);

        var countries = child.BreakDown(sample, signature, contract, new BreakdownSpec(Slices: true, ["native_country"], null));

        var small = countries.Slices.First(column => column.Column == "native_country").Groups.Where(group => group.Rows < 20).ToList();
        small.ShouldNotBeEmpty();
        small.ShouldAllBe(group => group.Metrics["roc_auc"].Reason == NotComputable.TooFewRows);
        var fairness = countries.Fairness.ShouldHaveSingleItem();
        fairness.LeftOut.ShouldBe(fairness.Groups.Where(group => group.Rows < 30).Select(group => group.Group));
        fairness.LeftOut.ShouldNotBeEmpty();
    }

    [Fact]
    public void Slices_of_regressions_and_of_several_classes_have_the_metrics_of_their_task()
    {
        foreach (var (sample, key) in new[] { (new Sample("bike", "poisson"), "rmse"), (new Sample("wine", "logistic"), "accuracy") })
        {
            using var child = new TestChild();
            var (signature, contract) = Given(child, sample);
            var slices = child.BreakDown(sample, signature, contract, new BreakdownSpec(Slices: true, [], new ImportanceSpec(2, null)));
            slices.Slices.SelectMany(column => column.Groups).ShouldContain(group => group.Metrics[key].Value != null);
            slices.Importance.ShouldNotBeNull().Features.Length.ShouldBe(contract.Features.Length);
        }
    }

    private static (ModelSignature Signature, ModelContract Contract) Given(TestChild child, Sample sample)
    {
        var signature = child.Admit(sample.ModelFile).Required();
        return (signature, ContractProposer.Propose(signature, sample.Task, sample.Columns(), sample.Target).Contract);
    }
}

internal static class FeatureList
{
    public static Statistics.Importance.FeatureImportance ShouldHaveSingleItemOf(this IEnumerable<Statistics.Importance.FeatureImportance> features, string name) =>
        features.Where(feature => feature.Feature == name).ShouldHaveSingleItem();
}
