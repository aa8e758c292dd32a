using System.Text.Json;
using MlOpsPortal.Statistics.Fairness;

namespace MlOpsPortal.Statistics.Tests.Fairness;

public sealed class GroupFairnessTests
{
    [Theory]
    [InlineData("adult", "logistic", "sex")]
    [InlineData("adult", "xgboost", "race")]
    [InlineData("german_credit", "logistic", "sex")]
    [InlineData("retail/response_model", "random_forest", "city_type")]
    public void Rates_differences_and_ratios_equal_fairlearns(string folder, string model, string attribute)
    {
        var data = Samples.Read(folder, model);
        var table = File.Exists(Path.Combine(Samples.Folder, folder, "test.csv")) ? Samples.Table(folder, "test.csv") : Samples.Table("retail", "messages_2024_test.csv");
        var column = Array.IndexOf(table[0], attribute);
        var expected = Samples.Json(folder, "expected", model + ".json").GetProperty("fairness").GetProperty(attribute);

        var report = GroupFairness.Measure(attribute, [.. table.Skip(1).Select(row => row[column])], data.Truth, data.Exported, 0.5);

        foreach (var group in report.Groups)
            Judge(group.Rates, expected.GetProperty("by_group").GetProperty(group.Group));
        Judge(report.Overall.Rates, expected.GetProperty("overall"));
        Judge(report.Differences, expected.GetProperty("difference_between_groups"));
        Judge(report.Ratios, expected.GetProperty("ratio_between_groups"));
        Judge(report.DifferencesToOverall, expected.GetProperty("difference_to_overall"));
        report.DemographicParityDifference.Value.ShouldNotBeNull().ShouldBe(expected.GetProperty("demographic_parity_difference"), "dp difference");
        report.EqualizedOddsDifference.Value.ShouldNotBeNull().ShouldBe(expected.GetProperty("equalized_odds_difference"), "eo difference");
        report.EqualizedOddsRatio.Value.ShouldNotBeNull().ShouldBe(expected.GetProperty("equalized_odds_ratio"), "eo ratio");
    }

    [Fact]
    public void A_small_group_is_shown_and_not_compared()
    {
        var groups = Enumerable.Repeat("a", 40).Concat(Enumerable.Repeat("b", 40)).Concat(Enumerable.Repeat("c", 5)).ToList();
        var scores = groups.Select((group, row) => group == "c" || row % 2 == 0 ? 1.0 : 0.0).ToArray();

        var report = GroupFairness.Measure("g", groups, [.. groups.Select((_, row) => row % 3 == 0)], scores, 0.5);

        report.LeftOut.ShouldBe(["c"]);
        report.Groups.Length.ShouldBe(3);
        report.DemographicParityDifference.Value.ShouldBe(0);
    }

    [Fact]
    public void One_group_alone_and_rates_without_rows_say_why_they_are_not_compared()
    {
        var report = GroupFairness.Measure("g", Enumerable.Repeat("a", 40).ToList(), new bool[40], new double[40], 0.5);

        report.DemographicParityDifference.Reason.ShouldBe(NotComputable.TooFewGroups);
        report.Groups[0].Rates["tpr"].Reason.ShouldBe(NotComputable.NoPositives);
        report.Groups[0].Rates["precision"].Reason.ShouldBe(NotComputable.NoPredictedPositives);
    }

    [Fact]
    public void A_ratio_to_zero_is_no_number()
    {
        var groups = Enumerable.Range(0, 80).Select(row => row < 40 ? "a" : "b").ToList();

        GroupFairness.Measure("g", groups, [.. groups.Select((_, row) => row % 2 == 0)], new double[80], 0.5).DemographicParityRatio.Reason.ShouldBe(NotComputable.ZeroDenominator);
    }

    private static void Judge(IReadOnlyDictionary<string, Metric> metrics, JsonElement expected)
    {
        foreach (var (key, metric) in metrics)
            metric.Value.ShouldNotBeNull(key).ShouldBe(expected.GetProperty(key), key);
    }
}
