using MlOpsPortal.Statistics.Fairness;

namespace MlOpsPortal.Statistics.Tests.Intervals;

public sealed class WilsonTests
{
    /// <summary>statsmodels.stats.proportion.proportion_confint(8, 10, method="wilson"): 0.4901625, 0.9433178.</summary>
    [Fact]
    public void The_interval_of_eight_in_ten_is_the_published_one()
    {
        var report = GroupFairness.Measure("g", Enumerable.Repeat("a", 10).ToList(), new bool[10], [.. Enumerable.Range(0, 10).Select(row => row < 8 ? 1.0 : 0.0)], 0.5);

        var interval = report.Overall.Rates["selection_rate"].Interval.ShouldNotBeNull();
        interval.Lower.ShouldBe(0.4901625, 1e-6);
        interval.Upper.ShouldBe(0.9433178, 1e-6);
    }
}
