using MlOpsPortal.Statistics.Baselines;
using MlOpsPortal.Statistics.Tests.Binary;

namespace MlOpsPortal.Statistics.Tests.Baselines;

public sealed class BaselineTests
{
    [Fact]
    public void The_most_popular_offer_scores_as_the_sample_says()
    {
        var expected = Samples.Json("retail", "expected_heuristic.json");
        var (categories, visited) = Read("train.csv");
        var heuristic = CategoryBaseline.Fit(categories, visited);
        heuristic.Categories.Select(average => average.Category).ShouldBe(expected.GetProperty("shares").EnumerateObject().Select(share => share.Name));
        foreach (var average in heuristic.Categories)
            average.Average.ShouldBe(expected.GetProperty("shares").GetProperty(average.Category!), average.Category!);

        var (testCategories, testVisited) = Read("test.csv");
        BinarySamplesTests.Judge(testVisited, heuristic.Score(testCategories), expected.GetProperty("test"));
    }

    [Fact]
    public void Missing_is_a_category_and_an_unseen_one_gets_the_average_of_all()
    {
        var baseline = CategoryBaseline.Fit(["a", "a", null, null], new[] { true, true, true, false });
        baseline.Score(["a", null, "never seen"]).ShouldBe([1, 0.5, 0.75]);
        CategoryBaseline.Fit(["a", "b"], new[] { 2.0, 5 }).Score(["b"]).ShouldBe([5]);
    }

    [Fact]
    public void Constants_are_what_training_said_on_average()
    {
        ConstantBaseline.PositiveShare([true, false, false, false]).Value.ShouldBe(0.25);
        ConstantBaseline.Mean([1, 2, 6]).Value.ShouldBe(3);
        ConstantBaseline.PositiveShare([]).Reason.ShouldBe(NotComputable.NoRows);
        ConstantBaseline.Mean([1, double.NaN]).Reason.ShouldBe(NotComputable.NotFinite);
        CategoryBaseline.Fit([], ReadOnlySpan<bool>.Empty).Overall.Reason.ShouldBe(NotComputable.NoRows);
    }

    private static (string?[] Categories, bool[] Visited) Read(string file)
    {
        var table = Samples.Table("retail", "response_model", file);
        var (category, visited) = (Array.IndexOf(table[0], "category"), Array.IndexOf(table[0], "visited_within_14_days"));
        return ([.. table.Skip(1).Select(row => row[category])], [.. table.Skip(1).Select(row => row[visited] == "1")]);
    }
}
