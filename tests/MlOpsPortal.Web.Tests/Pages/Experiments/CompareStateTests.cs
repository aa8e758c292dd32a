using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Tracking.Metrics;
using MlOpsPortal.Web.Components.Charts;
using MlOpsPortal.Web.Components.Pages.Experiments;
using static MlOpsPortal.Web.Pages.Experiments.TestRuns;

namespace MlOpsPortal.Web.Pages.Experiments;

public sealed class CompareStateTests
{
    [Fact]
    public void A_comparison_keeps_its_runs_in_order_and_everything_that_was_chosen()
    {
        var state = new CompareState
        {
            Runs = ["b", "a", "c"],
            Chart = CompareChart.Contour,
            Axes = ["params.a,b", "metrics.auc"],
            X = "params.x",
            Z = "metrics.auc",
            Brushes = ImmutableDictionary<string, Brush>.Empty.Add("metrics.a~b", new Brush(0.1, null)),
            Diff = ["params"],
            Baseline = "a",
        };

        var read = CompareState.Read("http://portal/t/a/compare" + state.ToQuery());

        read.ToQuery().ShouldBe(state.ToQuery());
        read.Runs.ShouldBe(["b", "a", "c"]);
        read.Brushes["metrics.a~b"].ShouldBe(new Brush(0.1, null));
    }

    [Fact]
    public void From_four_runs_on_only_what_differs_is_shown_until_somebody_turns_it()
    {
        new CompareState { Runs = ["1", "2", "3"] }.DiffOnly("params").ShouldBeFalse();
        var many = new CompareState { Runs = ["1", "2", "3", "4"] };
        many.DiffOnly("params").ShouldBeTrue();
        (many.TurnDiff("params").DiffOnly("params"), many.TurnDiff("params").DiffOnly("metrics")).ShouldBe((false, true));
    }

    [Fact]
    public void No_more_than_a_hundred_runs_are_compared() =>
        CompareState.Read("http://portal/c?runs=" + string.Join(',', Enumerable.Range(0, 200))).Runs.Length.ShouldBe(CompareState.Most);

    [Fact]
    public void Parallel_axes_are_the_parameters_that_differ_and_the_metric_of_unseen_rows_last()
    {
        var runs = new[] { Fit("1", "2", 0.7), Fit("2", "4", 0.8) };

        CompareAxes.Parallel(runs, null).Select(column => column.Key).ShouldBe(["params.depth", "metrics.a_loss", "metrics.val_auc"]);
    }

    [Fact]
    public void The_axes_of_a_contour_are_three_as_long_as_there_are_three()
    {
        var runs = new[] { Fit("1", "2", 0.7), Fit("2", "4", 0.8) };
        var x = CompareAxes.Pick(runs, null, ColumnKind.Param);

        var y = CompareAxes.Pick(runs, null, ColumnKind.Param, taken: [x]);
        var z = CompareAxes.Pick(runs, null, ColumnKind.Metric, taken: [x, y]);

        new[] { x, y, z }.Select(column => column?.Key).ShouldBe(["params.depth", "params.same", "metrics.val_auc"]);
        CompareAxes.Pick(runs, "params.depth", ColumnKind.Param, taken: [x]).ShouldBe(x); // what somebody asks for she gets
    }

    [Theory]
    [InlineData("0.8", "0.5", "+0.3 (+60.0 %)")]
    [InlineData("0.5", "0.8", "−0.3 (−37.5 %)")]
    [InlineData("-1", "-2", "+1 (+50.0 %)")]
    [InlineData("0.5", "0.5", "no difference")]
    [InlineData("3", "0", "+3")]
    [InlineData("NaN", "1", null)]
    [InlineData("1", "Infinity", null)]
    [InlineData("1", null, null)]
    public void A_difference_has_its_sign_and_its_share_of_the_baseline(string value, string? baseline, string? expected)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

        RunDiff.Difference(value, baseline).ShouldBe(expected);
    }

    [Fact]
    public void A_curve_over_time_begins_at_zero_and_leaves_infinities_out()
    {
        Metric[] points = [new("loss", 2, 5_000, 1), new("loss", 3, 1_000, 0), new("loss", double.MaxValue, 7_000, 2)];

        RunCurves.Of(points, CurveX.Relative).Select(point => point.X).ShouldBe([0, 4, 6]);
        RunCurves.Of(points, CurveX.Step).Select(point => point.Y).Take(2).ShouldBe([3, 2]);
        double.IsNaN(RunCurves.Of(points, CurveX.Step)[2].Y).ShouldBeTrue();
    }

    private static RunRow Fit(string id, string depth, double auc) => Run(id, metrics: [("val_auc", auc), ("a_loss", 1)], parameters: [("depth", depth), ("same", "1")]);
}
