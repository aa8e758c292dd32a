using System.Globalization;
using MlOpsPortal.Web.Components.Charts;

namespace MlOpsPortal.Web.Charts;

public sealed class CurveTests
{
    public CurveTests() => CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

    [Fact]
    public void Smoothing_keeps_a_constant_at_its_height_from_the_first_value_on() =>
        Curves.Smooth(Points(3, 3, 3, 3), 0.9).Select(point => Math.Round(point.Y, 12)).ShouldBe([3, 3, 3, 3]);

    [Fact]
    public void Smoothing_is_the_weighted_mean_of_what_was()
    {
        var smooth = Curves.Smooth(Points(1, 2), 0.5);

        smooth[0].Y.ShouldBe(1, 1e-12);
        smooth[1].Y.ShouldBe(((0.25 * 1) + (0.5 * 2)) / 0.75, 1e-12);
    }

    [Fact]
    public void No_weight_leaves_the_values_and_a_gap_stays_a_gap()
    {
        var points = Points(1, double.NaN, 5);

        Curves.Smooth(points, 0).ShouldBeSameAs(points);
        Curves.Smooth(points, 0.5).Select(point => double.IsNaN(point.Y)).ShouldBe([false, true, false]);
    }

    [Fact]
    public void Thinning_keeps_first_last_every_peak_and_at_most_four_points_a_column()
    {
        var values = Enumerable.Range(0, 100_000).Select(step => Math.Sin(step / 500.0)).ToArray();
        values[50_123] = 40;
        values[70_001] = -40;

        var thin = Curves.Thin(Points(values), 320);

        thin.Count.ShouldBeLessThanOrEqualTo(320 * 4);
        thin[0].ShouldBe(new XyPoint(0, values[0]));
        thin[^1].ShouldBe(new XyPoint(99_999, values[^1]));
        thin.Max(point => point.Y).ShouldBe(40);
        thin.Min(point => point.Y).ShouldBe(-40);
        thin.Select(point => point.X).ShouldBe(thin.Select(point => point.X).Order());
    }

    [Fact]
    public void Thinning_leaves_few_points_alone_and_keeps_gaps()
    {
        Curves.Thin(Points(1, 2, 3), 320).Count.ShouldBe(3);
        Curves.Thin(Points([.. Enumerable.Range(0, 5000).Select(step => step == 2500 ? double.NaN : step)]), 10).ShouldContain(point => double.IsNaN(point.Y));
    }

    [Fact]
    public void A_logarithmic_axis_has_powers_of_ten_and_puts_them_at_equal_distances()
    {
        var axis = Axis.Log([0.0012, 0.7, -3, 0]);

        axis.Ticks.ShouldBe([0.001, 0.01, 0.1, 1], 1e-12);
        axis.At(0.01).ShouldBe(1 / 3.0, 1e-9);
        axis.Ticks.Select(axis.Text).ShouldBe(["0.001", "0.01", "0.1", "1"]);
        double.IsFinite(axis.At(0)).ShouldBeFalse();
    }

    [Fact]
    public void Within_two_powers_a_logarithmic_axis_stands_close_around_the_values() =>
        Axis.Log([0.13, 1.4]).Ticks.Select(Axis.Log([0.13, 1.4]).Text).ShouldBe(["0.1", "0.2", "0.5", "1", "2"]);

    [Theory]
    [InlineData(0.42, 0.61)]
    [InlineData(3, 3)]
    [InlineData(1e-30, 1e30)]
    public void A_logarithmic_axis_holds_its_values_with_few_ticks(double low, double high)
    {
        var axis = Axis.Log([low, high]);

        axis.At(low).ShouldBeInRange(-1e-9, 1 + 1e-9);
        axis.At(high).ShouldBeInRange(-1e-9, 1 + 1e-9);
        axis.Ticks.Count.ShouldBeInRange(1, 12);
    }

    [Fact]
    public void Without_positive_values_a_logarithmic_axis_is_plain() => Axis.Log([-1, 0]).IsLog.ShouldBeFalse();

    [Fact]
    public void Steps_use_the_whole_width_and_have_round_ticks()
    {
        var scale = CurveScale.Of(CurveX.Step, [0, 37]);

        (scale.At(0), scale.At(37)).ShouldBe((0, 1));
        scale.Ticks.Select(tick => tick.Text).ShouldBe(["0", "10", "20", "30"]);
    }

    [Fact]
    public void One_step_stands_in_the_middle() => CurveScale.Of(CurveX.Step, [4]).At(4).ShouldBe(0.5);

    [Fact]
    public void Relative_time_starts_at_zero_in_round_spans() =>
        CurveScale.Of(CurveX.Relative, [2, 290]).Ticks.Select(tick => tick.Text).ShouldBe(["0", "60 s", "2 min", "3 min", "4 min"]);

    [Fact]
    public void Times_stand_at_round_hours_of_the_viewers_zone()
    {
        var from = new DateTimeOffset(2025, 3, 1, 22, 10, 0, TimeSpan.Zero).ToUnixTimeSeconds();

        var scale = CurveScale.Of(CurveX.Time, [from, from + (5 * 3600)], TimeZoneInfo.CreateCustomTimeZone("half", TimeSpan.FromMinutes(330), "half", "half"));

        scale.Ticks.Select(tick => tick.Text).ShouldBe(["04:00", "05:00", "06:00", "07:00", "08:00"]);
    }

    [Fact]
    public void Forty_runs_look_different_and_each_keeps_its_mark_when_a_later_one_comes()
    {
        var ids = Enumerable.Range(0, 40).Select(run => $"0199c0de{run:d4}").ToList();

        var marks = RunMark.For(ids);

        marks.Values.Distinct().Count().ShouldBe(40);
        RunMark.For(ids.Append("0199c0ff0000"))[ids[7]].ShouldBe(marks[ids[7]]);
        RunMark.For(ids.AsEnumerable().Reverse())[ids[7]].ShouldBe(marks[ids[7]]);
    }

    [Fact]
    public void Up_to_eight_runs_differ_in_colour_alone() =>
        RunMark.For(Enumerable.Range(0, 8).Select(run => $"run{run}")).Values.Select(mark => mark.Colour).Distinct().Count().ShouldBe(8);

    private static XyPoint[] Points(params double[] values) => [.. values.Select((value, step) => new XyPoint(step, value))];
}
