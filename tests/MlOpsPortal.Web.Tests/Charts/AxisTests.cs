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

    [Fact]
    public void No_values_give_a_plain_axis() => Axis.Around([]).Ticks.Select(tick => Math.Round(tick, 6)).ShouldBe([0, 0.2, 0.4, 0.6, 0.8, 1]);

    [Fact]
    public void Zero_is_never_written_as_minus_zero() => Axis.Around([-0.06, 0.06]).Ticks.Select(Axis.Around([-0.06, 0.06]).Text).ShouldContain(text => text == "0.00");
}
