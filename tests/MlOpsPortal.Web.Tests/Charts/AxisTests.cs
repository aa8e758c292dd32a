using System.Globalization;
using MlOpsPortal.Web.Components.Charts;

namespace MlOpsPortal.Web.Charts;

public sealed class AxisTests
{
    public AxisTests() => CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

    [Fact]
    public void Ticks_are_round_and_cover_the_data()
    {
        var axis = Axis.Around([0.152, 0.219]);

        axis.Ticks.Select(axis.Text).ShouldBe(["0.14", "0.16", "0.18", "0.20", "0.22"]);
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(0, 0)]
    [InlineData(-3, 1200)]
    [InlineData(1e-7, 3e-7)]
    public void Every_value_stands_inside_its_axis(double low, double high)
    {
        var axis = Axis.Around([low, high, double.NaN, double.PositiveInfinity]);

        axis.At(low).ShouldBeInRange(0, 1);
        axis.At(high).ShouldBeInRange(0, 1);
        axis.Ticks.Count.ShouldBeInRange(2, 12);
    }

    [Theory]
    [InlineData(-1e308, 1e308)]
    [InlineData(double.MinValue, double.MaxValue)]
    [InlineData(double.Epsilon, double.Epsilon)]
    [InlineData(1e-310, 3e-310)]
    [InlineData(1e-20, 3e-20)]
    [InlineData(1e300, 1e308)]
    [InlineData(4e18, 9e18)]
    public void The_greatest_and_the_smallest_doubles_have_an_axis_with_ticks_that_can_be_read(double low, double high)
    {
        foreach (var axis in new[] { Axis.Around([low, high]), Axis.Log([low, high]) })
        {
            axis.Ticks.Count.ShouldBeInRange(2, 20);
            axis.Ticks.ShouldAllBe(tick => double.IsFinite(tick) && axis.Text(tick).Length < 14);
            axis.Ticks.Select(axis.Text).Distinct().Count().ShouldBe(axis.Ticks.Count);
        }

        Axis.Around([low, high]).At(low).ShouldBeInRange(-1e-9, 1.000001);
        Axis.Around([low, high]).At(high).ShouldBeInRange(-1e-9, 1.000001);
    }

    [Fact]
    public void What_is_no_number_has_no_place() => Axis.Around([1, 2]).ShouldSatisfyAllConditions(
        axis => axis.At(double.NaN).ShouldBe(double.NaN), axis => axis.At(double.PositiveInfinity).ShouldBe(double.NaN), axis => Axis.Log([1, 2]).At(-1).ShouldBe(double.NaN));

    [Fact]
    public void No_values_give_a_plain_axis() => Axis.Around([]).Ticks.Select(tick => Math.Round(tick, 6)).ShouldBe([0, 0.2, 0.4, 0.6, 0.8, 1]);

    [Fact]
    public void Zero_is_never_written_as_minus_zero() => Axis.Around([-0.06, 0.06]).Ticks.Select(Axis.Around([-0.06, 0.06]).Text).ShouldContain(text => text == "0.00");
}
