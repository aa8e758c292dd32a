using MlOpsPortal.Statistics.Drift;

namespace MlOpsPortal.Statistics.Tests.Drift;

public sealed class DriftTests
{
    private static readonly NumericSample Hundred = NumericSample.Of([.. Enumerable.Range(0, 100).Select(value => (double)value)]);
    private static readonly NumericSample Shifted = NumericSample.Of([.. Enumerable.Range(10, 100).Select(value => (double)value)]);

    [Fact]
    public void One_data_set_has_many_answers()
    {
        PopulationStability.Of(Hundred, Shifted).Metric.Value!.Value.ShouldBe(0.7593994704, 1e-9); // is there
        NamedMethods.PsiEvidently(Hundred, Shifted).Metric.Value!.Value.ShouldBe(0.2932674138, 1e-9); // likewise
        NamedMethods.JensenShannonEvidently(Hundred, Shifted).Metric.Value!.Value.ShouldBe(0.1835514600, 1e-9); // likewise
        NamedMethods.JensenShannonNannyMl(Hundred, Shifted).Metric.Value!.Value.ShouldBe(0.2725858015, 1e-9); // likewise
        Wasserstein.Normed(Hundred, Shifted).Value!.Value.ShouldBe(0.3464274833, 1e-9); // likewise
        KolmogorovSmirnov.Statistic(Hundred, Shifted).Value.ShouldBe(0.1);
        KolmogorovSmirnov.ExactP(Hundred, Shifted).Value!.Value.ShouldBe(0.7020569829, 1e-9); // likewise
    }

    [Fact]
    public void What_cannot_be_compared_says_why()
    {
        var (none, one, nulls, constant) = (NumericSample.Of([]), NumericSample.Of([1]), NumericSample.Of([double.NaN, double.NaN]), NumericSample.Of([5, 5, 5]));
        PopulationStability.Of(none, Hundred).Metric.ShouldBe(Metric.Refused(NotComputable.NoReference));
        PopulationStability.Of(nulls, Hundred).Metric.ShouldBe(Metric.Refused(NotComputable.NoReference));
        PopulationStability.Of(Hundred, nulls).Metric.ShouldBe(Metric.Refused(NotComputable.NoRows));
        PopulationStability.Of(one, Hundred).Metric.ShouldBe(Metric.Refused(NotComputable.TooFewReferenceRows));
        PopulationStability.Of(constant, Hundred).Metric.ShouldBe(Metric.Refused(NotComputable.ConstantReference));
        NamedMethods.JensenShannonNannyMl(constant, Hundred).Metric.ShouldBe(Metric.Refused(NotComputable.ConstantReference));
        KolmogorovSmirnov.Statistic(none, Hundred).ShouldBe(Metric.Refused(NotComputable.NoReference));
        KolmogorovSmirnov.Statistic(constant, Hundred).Value!.Value.ShouldBe(0.94, 1e-12); // a constant still has a distribution
        Wasserstein.Normed(constant, constant).Value.ShouldBe(0);
        nulls.MissingShare.ShouldBe(1);
        none.MissingShare.ShouldBeNull();
    }

    [Fact]
    public void A_category_with_unseen_values_is_compared_and_one_with_too_many_is_not()
    {
        var (known, unseen) = (CategorySample.Of(["a", "a", "b", null]), CategorySample.Of(["a", "c", "c", "c"]));
        CategoryDistances.NewValues(known, unseen).Value.ShouldBe(0.75);
        CategoryDistances.LInfinity(known, unseen).Metric.Value!.Value.ShouldBe(0.75, 1e-12); // is there
        PopulationStability.Of(known, unseen).Metric.Value!.Value.ShouldBeGreaterThan(5); // likewise
        ChiSquare.GoodnessOfFit(known, unseen).PValue.Value.ShouldBe(0);
        var wide = CategorySample.Of(Enumerable.Range(0, CategorySample.MostValues + 1).Select(value => $"{value}"));
        PopulationStability.Of(known, wide).Metric.ShouldBe(Metric.Refused(NotComputable.TooManyValues));
        CategoryDistances.LInfinity(CategorySample.Of([null, null]), known).Metric.ShouldBe(Metric.Refused(NotComputable.NoReference));
        ChiSquare.Contingency(CategorySample.Of(["a", "a"]), CategorySample.Of(["a"])).Statistic.ShouldBe(Metric.Refused(NotComputable.ConstantReference));
    }

    [Fact]
    public void The_exact_p_is_the_share_of_orders_that_lie_as_far_apart()
    {
        // All 10 ways to mix three and two values; D is 2/3 or more in 6 of them (counted by hand), 1 in 2.
        KolmogorovSmirnov.ExactP(NumericSample.Of([1, 2, 3]), NumericSample.Of([4, 5])).Value!.Value.ShouldBe(0.2, 1e-12); // is there
        KolmogorovSmirnov.ExactP(NumericSample.Of([1, 2, 3]), NumericSample.Of([1, 2, 3])).Value.ShouldBe(1);
        var far = NumericSample.Of([.. Enumerable.Range(0, 600).Select(value => 1000.0 + value)]);
        KolmogorovSmirnov.ExactP(NumericSample.Of([.. Enumerable.Range(0, 600).Select(value => (double)value)]), far).Value!.Value.ShouldBeInRange(0, 1e-300); // 2 / (1200 choose 600)
    }

    [Fact]
    public void Bins_are_half_open_and_their_ends_are_open()
    {
        var sample = NumericSample.Of([0, 1, 2, 3, 4]);
        sample.CountOpen([1, 3]).ShouldBe([1, 2, 2]);
        sample.CountClosed([0, 2, 4]).ShouldBe([2, 3]);
        sample.Outside(1, 3).ShouldBe(2);
        PopulationStability.InnerDeciles(NumericSample.Of([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9])).ShouldBeEmpty();
        PopulationStability.Of(NumericSample.Of([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]), sample).Metric.Value.ShouldBe(0);
    }
}
