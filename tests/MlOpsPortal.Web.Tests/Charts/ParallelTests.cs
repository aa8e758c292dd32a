using System.Globalization;
using Bunit;
using MlOpsPortal.Web.Components.Charts;
using MlOpsPortal.Web.Kit;

namespace MlOpsPortal.Web.Charts;

public sealed class ParallelTests : KitTest
{
    public ParallelTests() => CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

    [Fact]
    public void Numbers_stand_on_a_scale_names_in_order_and_a_missing_value_nowhere()
    {
        var depth = new ParallelAxis("param:depth", "depth", ["2", "6", null]);
        var kind = new ParallelAxis("param:kind", "kind", ["tree", "linear", "tree"]);

        (depth.IsNumeric, depth.At(0), depth.At(1), depth.At(2)).ShouldBe((true, 0, 1, null));
        (kind.IsNumeric, kind.At(0), kind.At(1)).ShouldBe((false, 1, 0));
    }

    [Fact]
    public void One_value_that_is_no_number_makes_the_axis_one_of_names() =>
        new ParallelAxis("param:d", "d", ["2", "auto", "10"]).Names.ShouldBe(["10", "2", "auto"]);

    [Theory]
    [InlineData("0.1..0.5")]
    [InlineData("..3")]
    [InlineData("1E-07..")]
    [InlineData("=tree|a%7Cb")]
    public void A_limit_is_read_as_it_is_written(string text) => Brush.Parse(text)!.ToString().ShouldBe(text); // each of them is one

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("three")]
    public void What_limits_nothing_is_no_limit(string text) => Brush.Parse(text).ShouldBeNull();

    [Fact]
    public void A_limit_lets_pass_what_lies_within_and_never_a_run_without_value()
    {
        var axis = new ParallelAxis("m", "m", ["1", "2", "3", null]);

        Enumerable.Range(0, 4).Select(run => axis.Passes(run, new Brush(2, null))).ShouldBe([false, true, true, false]);
        new ParallelAxis("p", "p", ["a", "b", null]).Passes(1, new Brush(null, null, ["b"])).ShouldBeTrue();
    }

    [Fact]
    public void A_brush_drawn_on_numbers_has_round_bounds_and_one_on_names_holds_those_within()
    {
        new ParallelAxis("m", "m", ["0", "100"]).Between(0.25123, 0.5).ShouldBe(new Brush(25.1, 50));
        new ParallelAxis("p", "p", ["a", "b", "c"]).Between(0.4, 1)!.Names.ShouldBe(["b", "c"]); // two are within
    }

    [Fact]
    public void Lines_outside_a_limit_are_faint_and_the_table_leaves_them_out()
    {
        var chart = Chart(new Dictionary<string, Brush> { ["metric:auc"] = new(0.7, null) });

        chart.FindAll("path.parallel-line.out").Count.ShouldBe(1);
        chart.Find(".card-sub").TextContent.ShouldBe("2 of 3 runs pass");
        chart.FindAll("tbody tr").Select(row => row.QuerySelector("th")!.TextContent).ShouldBe(["two", "three"]);
    }

    [Fact]
    public void The_fields_limit_an_axis_by_keyboard()
    {
        (string Key, Brush? Brush)? heard = null;
        var chart = Chart(new Dictionary<string, Brush>(), limit => heard = limit);

        chart.FindAll(".parallel-limits input[inputmode=decimal]")[0].Change("0.72");

        heard.ShouldBe(("metric:auc", new Brush(0.72, null)));
    }

    [Fact]
    public void Drawing_along_an_axis_limits_it_and_a_click_takes_the_limit_away()
    {
        var heard = new List<(string Key, Brush? Brush)>();
        var chart = Chart(new Dictionary<string, Brush>(), heard.Add);
        var strip = chart.FindAll(".parallel-hit")[1];

        strip.PointerDown(new Microsoft.AspNetCore.Components.Web.PointerEventArgs { OffsetY = 0 });
        chart.FindAll(".parallel-hit")[1].PointerUp(new Microsoft.AspNetCore.Components.Web.PointerEventArgs { OffsetY = 170 });
        strip.PointerDown(new Microsoft.AspNetCore.Components.Web.PointerEventArgs { OffsetY = 10 });
        chart.FindAll(".parallel-hit")[1].PointerUp(new Microsoft.AspNetCore.Components.Web.PointerEventArgs { OffsetY = 11 });

        heard[0].Brush!.Low!.Value.ShouldBe(0.75, 1e-9); // half of the axis from 0.65 to 0.85, or as its round bounds say
        heard[1].Brush.ShouldBeNull();
    }

    private IRenderedComponent<ParallelChart> Chart(IReadOnlyDictionary<string, Brush> brushes, Action<(string, Brush?)>? heard = null) => Render<ParallelChart>(parameters => parameters
        .Add(chart => chart.Title, "Runs")
        .Add(chart => chart.RunNames, ["one", "two", "three"])
        .Add(chart => chart.Axes, [new ParallelAxis("param:kind", "kind", ["tree", "linear", "tree"]), new ParallelAxis("metric:auc", "auc", ["0.65", "0.75", "0.85"])])
        .Add(chart => chart.Brushes, brushes)
        .Add(chart => chart.OnBrush, heard ?? (_ => { })));
}
