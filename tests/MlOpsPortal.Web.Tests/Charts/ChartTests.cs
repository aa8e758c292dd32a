using Bunit;
using MlOpsPortal.Web.Components.Charts;
using MlOpsPortal.Web.Components.Kit;
using MlOpsPortal.Web.Kit;

namespace MlOpsPortal.Web.Charts;

public sealed class ChartTests : KitTest
{
    private static readonly IReadOnlyList<string> Weeks = ["W1", "W2", "W3"];

    [Fact]
    public void A_line_chart_has_a_name_that_says_what_it_shows()
    {
        var name = Kpi().Find("[role=img]").GetAttribute("aria-label")!;

        name.ShouldStartWith("Visit share");
        name.ShouldContain("measured from 0.21 to 0.18");
        name.ShouldContain("target 0.20");
        name.ShouldContain("v6 live at W2");
    }

    [Fact]
    public void A_threshold_is_a_dashed_line_at_its_value_with_its_name()
    {
        var chart = Kpi();

        // The axis goes from 0.18 to 0.21: 0.20 stands at two thirds of its height.
        chart.Find("line.threshold.ok").GetAttribute("y1").ShouldBe("333.33");
        chart.Find(".threshold-name.ok").TextContent.ShouldBe("target 0.20");
    }

    [Fact]
    public void A_release_stands_at_its_position()
    {
        Kpi().Find("line.mark").GetAttribute("x1").ShouldBe("500");
        Kpi().Find(".mark-name").TextContent.ShouldBe("v6 live");
    }

    [Fact]
    public void The_numbers_stand_in_a_table_behind_a_toggle()
    {
        var table = Kpi().Find("details.chart-table");

        table.HasAttribute("open").ShouldBeFalse();
        table.QuerySelector("summary")!.TextContent.ShouldBe("Show as table");
        table.QuerySelectorAll("tbody tr").Select(row => row.TextContent).ShouldBe(["W10.21", "W2–", "W30.18"]);
    }

    [Fact]
    public void A_missing_value_lifts_the_pen()
    {
        var path = Kpi().Find("path.series").GetAttribute("d")!;

        path.Count(letter => letter == 'M').ShouldBe(2);
        path.ShouldNotContain("L");
    }

    [Fact]
    public void Several_series_are_named_at_their_lines_in_their_colours()
    {
        var chart = Render<LineChart>(p => p.Add(c => c.Title, "Latency").Add(c => c.X, Weeks)
            .Add(c => c.Series, [new ChartSeries("p50", [1, 1, 1]), new ChartSeries("p99", [1.01, 1.01, 1.01], 2)]));

        var names = chart.FindAll(".end-name");
        names.Select(name => name.TextContent).ShouldBe(["p99", "p50"]);
        names[0].QuerySelector("i")!.GetAttribute("style")!.ShouldContain("var(--s2)");
        chart.FindAll(".legend").ShouldBeEmpty();
    }

    [Fact]
    public void A_curve_in_the_unit_square_has_its_diagonal_and_a_legend()
    {
        var chart = Render<XyChart>(p => p.Add(c => c.Title, "ROC").Add(c => c.Unit, true).Add(c => c.Diagonal, true).Add(c => c.XName, "false positive rate").Add(c => c.YName, "true positive rate")
            .Add(c => c.Series, [new XySeries("v6", [new(0, 0), new(0.5, 0.9), new(1, 1)]), new XySeries("v7", [new(0, 0), new(1, 1)], 2)]));

        chart.FindAll("path.series")[0].GetAttribute("d").ShouldBe("M0 1000L500 100L1000 0");
        var diagonal = chart.Find("line.reference");
        (diagonal.GetAttribute("x1"), diagonal.GetAttribute("y1"), diagonal.GetAttribute("x2"), diagonal.GetAttribute("y2")).ShouldBe(("0", "1000", "1000", "0"));
        chart.FindAll(".legend > span").Select(entry => entry.TextContent).ShouldBe(["v6", "v7"]);
    }

    [Fact]
    public void A_long_curve_gives_a_short_table_that_says_so()
    {
        var chart = Render<XyChart>(p => p.Add(c => c.Title, "ROC").Add(c => c.XName, "x").Add(c => c.YName, "y")
            .Add(c => c.Series, [new XySeries("v6", [.. Enumerable.Range(0, 5000).Select(step => new XyPoint(step, step))])]));

        chart.FindAll("tbody tr").Count.ShouldBeLessThanOrEqualTo(51);
        chart.Find("caption").TextContent.ShouldContain("evenly taken");
        chart.FindAll("tbody tr")[^1].TextContent.ShouldContain("4,999");
    }

    [Fact]
    public void Bars_of_a_small_histogram_are_as_high_as_their_share_of_the_highest()
    {
        var mini = Render<MiniHistogram>(p => p.Add(m => m.Label, "age").Add(m => m.Values, [1, 4, 2]));

        mini.FindAll("rect").Select(bar => bar.GetAttribute("height")).ShouldBe(["250", "1000", "500"]);
        mini.Find("svg").GetAttribute("aria-label").ShouldBe("age");
    }

    [Fact]
    public void An_empty_histogram_draws_nothing_and_says_so() =>
        Render<Histogram>(p => p.Add(h => h.Title, "age").Add(h => h.Bars, [])).Find("[role=img]").GetAttribute("aria-label").ShouldBe("age: no values.");

    private IRenderedComponent<LineChart> Kpi() => Render<LineChart>(p => p
        .Add(c => c.Title, "Visit share")
        .Add(c => c.X, Weeks)
        .Add(c => c.Series, [new ChartSeries("measured", [0.21, null, 0.18])])
        .Add(c => c.Thresholds, [new Threshold("target", 0.2, Tone.Ok)])
        .Add(c => c.Marks, [new ReleaseMark(1, "v6 live")]));
}
