using MlOpsPortal.Statistics.Comparison;
using MlOpsPortal.Statistics.Numerics;

namespace MlOpsPortal.Statistics.Tests.Comparison;

public sealed class ExactTestsTests
{
    [Theory]
    [InlineData(121, 59, 4.4344493e-6, 5e-14)]
    [InlineData(70, 59, 0.3786876627, 5e-11)]
    [InlineData(80, 59, 0.0894523149, 1e-10)]
    [InlineData(30, 60, 0.0020602657, 5e-11)]
    [InlineData(10, 30, 0.0022214338, 5e-11)]
    [InlineData(10, 10, 1, 1e-15)]
    public void McNemar_exact_gives_the_published_values(int b, int c, double p, double within) =>
        McNemar.OfCounts(b, c).ExactP.ShouldBe(p, within);

    [Fact]
    public void McNemar_uncorrected_gives_the_published_values()
    {
        McNemar.OfCounts(121, 59).UncorrectedStatistic!.Value.ShouldBe(21.3555556, 5e-8);
        McNemar.OfCounts(121, 59).UncorrectedP!.Value.ShouldBe(3.815136e-6, 5e-13);
        McNemar.OfCounts(80, 59).UncorrectedP!.Value.ShouldBe(0.0748803, 5e-8);
    }

    [Fact]
    public void Classifiers_that_never_disagree_have_an_exact_p_and_no_statistic()
    {
        var test = McNemar.OfCounts(0, 0);
        test.ExactP.ShouldBe(1);
        test.CorrectedStatistic.ShouldBeNull();
        test.Reason.ShouldBe(NotComputable.NoDisagreement);
    }

    [Fact]
    public void DeLong_gives_the_published_values_of_the_subarachnoid_data()
    {
        // Levels of the WFNS scale by outcome: (good, poor).
        (int Good, int Poor)[] levels = [(37, 2), (20, 12), (3, 1), (8, 8), (4, 18)];
        var rows = levels.SelectMany((level, index) =>
            Enumerable.Repeat((Truth: false, Score: index + 1.0), level.Good).Concat(Enumerable.Repeat((Truth: true, Score: index + 1.0), level.Poor))).ToArray();
        var estimate = DeLong.Estimate([.. rows.Select(row => row.Truth)], [.. rows.Select(row => row.Score)]);
        estimate.Auc!.Value.ShouldBe(0.823678861788618, 5e-16);
        estimate.Variance!.Value.ShouldBe(0.00146991470882363, 5e-18);
    }

    [Theory]
    [InlineData(1.959963984540054, 0.05)]
    [InlineData(4.999, 5.762840282928287e-07)]
    [InlineData(5.001, 5.703371264463536e-07)]
    [InlineData(10, 1.5239706048321186e-23)]
    [InlineData(37, 1.1451142445050278e-299)]
    public void The_normal_tail_keeps_its_digits_far_out(double z, double p) =>
        (Math.Exp(NormalTail.LogTwoSided(z)) / p).ShouldBe(1, 1e-6);

    [Fact]
    public void DeLong_refuses_what_has_no_variance_or_no_second_class()
    {
        DeLong.Estimate([true, true], [0.1, 0.2]).Reason.ShouldBe(NotComputable.SingleClass);
        DeLong.Estimate([true, false], [0.1, 0.2]).Reason.ShouldBe(NotComputable.TooFewRows);
        DeLong.Estimate([], []).Reason.ShouldBe(NotComputable.NoRows);
        bool[] truth = [true, true, false, false];
        DeLong.Compare(truth, [4, 3, 2, 1], [1, 2, 3, 4]).Reason.ShouldBe(NotComputable.NoVariance);
    }
}
