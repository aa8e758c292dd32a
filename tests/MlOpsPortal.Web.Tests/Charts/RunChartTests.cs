using System.Globalization;
using Bunit;
using MlOpsPortal.Web.Components.Charts;
using MlOpsPortal.Web.Kit;

namespace MlOpsPortal.Web.Charts;

public sealed class RunChartTests : KitTest
{
    private static readonly Curve Falling = new("bold-fox", new RunMark(1, 0), [new(0, 1), new(1, 0.1), new(2, 0.01)]);
    private static readonly Curve Dashed = new("calm-owl", new RunMark(1, 1), [new(0, 1), new(2, 0.5)]);

    public RunChartTests() => CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

    [Fact]
    public void Curves_are_named_in_words_and_told_apart_by_dashes_as_well_as_by_colour()
    {
        var chart = Render<CurveChart>(p => p.Add(c => c.Title, "loss").Add(c => c.Curves, [Falling, Dashed]));

        chart.Find("[role=img]").GetAttribute("aria-label").ShouldBe("loss over step: bold-fox from 1 to 0.01; calm-owl from 1 to 0.5.");
        chart.FindAll("path.series").Select(path => path.GetAttribute("stroke-dasharray")).Distinct().Count().ShouldBe(2);
        chart.FindAll(".run-legend > span").Select(name => name.TextContent).ShouldBe(["bold-fox", "calm-owl"]);
        chart.FindAll("tbody tr").Select(row => row.TextContent.Trim()).ShouldBe(["bold-fox310.010.011", "calm-owl210.50.51"]);
    }

    [Fact]
    public void On_a_logarithmic_axis_powers_of_ten_make_a_straight_line() =>
        Render<CurveChart>(p => p.Add(c => c.Title, "loss").Add(c => c.LogY, true).Add(c => c.Curves, [Falling])).Find("path.series").GetAttribute("d").ShouldBe("M0 0L500 500L1000 1000");

    [Fact]
    public void Smoothing_keeps_the_values_visible_behind_the_line()
    {
        var chart = Render<CurveChart>(p => p.Add(c => c.Title, "loss").Add(c => c.Smoothing, 0.6).Add(c => c.Curves, [Falling]));

        chart.FindAll("path.series").Count.ShouldBe(2);
        chart.Find("path.series.raw").GetAttribute("d").ShouldNotBe(chart.Find("path.series[data-name]").GetAttribute("d"));
        chart.Find("[role=img]").GetAttribute("aria-label")!.ShouldContain("smoothed by 0.6");
    }

    [Fact]
    public void A_hundred_thousand_points_are_drawn_with_what_the_width_can_show()
    {
        var long_ = new Curve("long", new RunMark(1, 0), [.. Enumerable.Range(0, 100_000).Select(step => new XyPoint(step, Math.Sin(step)))]);

        Render<CurveChart>(p => p.Add(c => c.Title, "loss").Add(c => c.Curves, [long_])).Find("path.series").GetAttribute("d")!.Count(letter => letter is 'M' or 'L').ShouldBeLessThan(1300);
    }

    [Fact]
    public void Values_without_a_place_on_a_logarithmic_axis_are_counted() =>
        Render<CurveChart>(p => p.Add(c => c.Title, "gain").Add(c => c.LogY, true).Add(c => c.Curves, [new Curve("a", new RunMark(1, 0), [new(0, -1), new(1, 2), new(2, 400)])]))
            .Find("p").TextContent.ShouldStartWith("1 value is zero or below");

    [Fact]
    public void A_logarithmic_axis_for_what_is_all_negative_is_linear_and_says_so()
    {
        var chart = Render<CurveChart>(p => p.Add(c => c.Title, "gain").Add(c => c.LogY, true).Add(c => c.Curves, [new Curve("a", new RunMark(1, 0), [new(0, -4), new(1, -2)])]));

        chart.Find("path.series").GetAttribute("d").ShouldBe("M0 1000L1000 0");
        chart.Find("p").TextContent.ShouldContain("the axis is linear");
    }

    [Fact]
    public void What_is_smoothed_over_zeros_stays_inside_a_logarithmic_axis()
    {
        var chart = Render<CurveChart>(p => p.Add(c => c.Title, "gain").Add(c => c.LogY, true).Add(c => c.Smoothing, 0.9).Add(c => c.Curves, [new Curve("a", new RunMark(1, 0), [new(0, 0), new(1, 1), new(2, 4)])]));

        foreach (var place in chart.Find("path[data-name]").GetAttribute("d")!.Split('M', 'L').Skip(1)) // a line has one
            double.Parse(place.Split(' ', 'h')[1], CultureInfo.InvariantCulture).ShouldBeInRange(0, 1000);
    }

    [Fact]
    public void A_value_between_two_that_are_none_is_a_dot() =>
        Render<CurveChart>(p => p.Add(c => c.Title, "gain").Add(c => c.Curves, [new Curve("a", new RunMark(1, 0), [new(0, 1), new(1, double.NaN), new(2, 2), new(3, double.PositiveInfinity), new(4, 1), new(5, 2)])]))
            .Find("path.series").GetAttribute("d")!.Split('M').Skip(1).Select(part => part.EndsWith("h0", StringComparison.Ordinal)).ShouldBe([true, true, false]); // a line has one

    [Fact]
    public void Steps_and_times_that_no_calendar_has_are_drawn_all_the_same()
    {
        XyPoint[] far = [new(0, 1), new(9e15, 2), new(9.2e18, 3)];

        foreach (var x in Enum.GetValues<CurveX>())
            Render<CurveChart>(p => p.Add(c => c.Title, "gain").Add(c => c.X, x).Add(c => c.Curves, [new Curve("a", new RunMark(1, 0), far)])).FindAll(".plot-x span").Select(tick => tick.TextContent).ShouldAllBe(text => text.Length < 16);
    }

    [Fact]
    public void A_bar_of_what_is_infinite_is_told_and_the_others_keep_their_lengths()
    {
        var bars = Render<RunBars>(p => p.Add(c => c.Title, "auc").Add(c => c.Bars, [("a", new RunMark(1, 0), 2), ("b", new RunMark(2, 0), double.PositiveInfinity), ("c", new RunMark(3, 0), double.NaN), ("d", new RunMark(4, 0), -2)]));

        bars.FindAll(".bars-value").Select(value => value.TextContent).ShouldBe(["2", "∞", "NaN", "-2"]);
        bars.FindAll(".bars-track i").Select(bar => bar.GetAttribute("style")!.Split(';')[1]).ShouldBe(["width:50%", "width:50%"]); // they have one
    }

    [Fact]
    public void Points_of_a_scatter_carry_their_runs_mark_and_values()
    {
        var chart = Render<RunScatter>(p => p.Add(c => c.Title, "auc by depth").Add(c => c.XName, "depth").Add(c => c.YName, "auc")
            .Add(c => c.Points, [new RunPoint("one", 2, 0.7, new RunMark(1, 0)), new RunPoint("two", 4, 0.8, new RunMark(2, 1)), new RunPoint("lost", 4, double.NaN, new RunMark(3, 2))]));

        chart.FindAll(".run-point").Count.ShouldBe(2);
        chart.Find("p").TextContent.ShouldBe("1 run has no number for both axes.");
        chart.Find("[role=img]").GetAttribute("aria-label").ShouldBe("auc by depth: auc over depth of 2 runs; highest two with 0.8.");
        chart.FindAll(".run-tip")[1].TextContent.ShouldBe("two depth 4.0, auc 0.8");
        chart.FindAll(".run-point path").Select(form => form.GetAttribute("d")).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public void A_contour_has_a_band_for_each_step_of_its_key_and_says_where_it_is_highest()
    {
        var chart = Render<ContourChart>(p => p.Add(c => c.Title, "auc").Add(c => c.XName, "depth").Add(c => c.YName, "rate").Add(c => c.ZName, "auc")
            .Add(c => c.Points, [Run(1, 0.1, 0.6), Run(2, 0.2, 0.7), Run(3, 0.1, 0.8), Run(2, 0.3, 0.9)]));

        chart.FindAll(".contour-band").Count.ShouldBe(chart.FindAll(".contour-key > span > i").Count);
        chart.Find("[role=img]").GetAttribute("aria-label")!.ShouldContain("highest 0.9 at depth 2 and rate 0.3");
    }

    [Fact]
    public void Two_runs_make_no_surface_and_the_chart_says_what_is_missing() =>
        Render<ContourChart>(p => p.Add(c => c.Title, "auc").Add(c => c.XName, "depth").Add(c => c.YName, "rate").Add(c => c.ZName, "auc").Add(c => c.Points, [Run(1, 0.1, 0.6), Run(2, 0.1, 0.7)]))
            .Find("p").TextContent.ShouldContain("at least three runs");

    [Fact]
    public void A_box_chart_says_median_and_middle_half_of_each_group() =>
        Render<BoxChart>(p => p.Add(c => c.Title, "auc").Add(c => c.XName, "kind").Add(c => c.YName, "auc").Add(c => c.Boxes, [Box.Of("tree", [1, 2, 3])!])) // three values
            .Find("[role=img]").GetAttribute("aria-label").ShouldBe("auc: auc by kind; tree: median 2, half of 3 between 1.5 and 2.5.");

    [Fact]
    public void Bars_of_runs_reach_as_far_as_their_values_and_none_is_drawn_for_nan()
    {
        var chart = Render<RunBars>(p => p.Add(c => c.Title, "auc").Add(c => c.Bars, [("one", new RunMark(1, 0), 0.4), ("two", new RunMark(2, 0), 0.8), ("three", new RunMark(3, 0), double.NaN)]));

        chart.FindAll(".bars-track i").Select(bar => bar.GetAttribute("style")!.Split(';')[1]).ShouldBe(["width:50%", "width:100%"]);
        chart.FindAll(".bars-value")[2].TextContent.ShouldBe("NaN");
    }

    private static (RunPoint, double) Run(double x, double y, double z) => (new RunPoint("run", x, y, new RunMark(1, 0)), z);
}
