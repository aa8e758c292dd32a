using MlOpsPortal.Web.Components.Charts;
using MlOpsPortal.Web.Components.Pages.Experiments;
using static MlOpsPortal.Web.Pages.Experiments.TestRuns;

namespace MlOpsPortal.Web.Pages.Experiments;

public sealed class RunTableStateTests
{
    private const string Page = "http://portal/t/a/experiments/0";

    [Fact]
    public void Everything_a_person_chose_is_in_the_address_and_comes_back()
    {
        var state = new RunTableState
        {
            Filter = "metrics.rmse < 0.8 AND params.`a,b` = 'x & y'",
            View = "charts",
            Deleted = true,
            Since = "7d",
            Sort = "-metrics.val/loss, at 2",
            Columns = ["start_time", "metrics.a,b", "params.x y"],
            Group = "params.kind",
            By = Aggregate.Max,
            Eye = Eye.None,
            Turned = ["r1", "r2"],
            Pinned = ["r3"],
            Open = ["r1", "g:0.5, and more"],
            Rows = 300,
            Live = false,
            Charts = new ChartState { X = CurveX.Relative, Smoothing = 60, Log = true, Find = "loss", Wide = "val_loss", Cards = 24, ImageStep = -3 },
        };

        var read = RunTableState.Read(Page + state.ToQuery());

        read.ToQuery().ShouldBe(state.ToQuery());
        (read.Filter, read.Sort, read.Since, read.Group, read.By, read.Eye, read.Rows, read.Live, read.Charts).ShouldBe((state.Filter, state.Sort, state.Since, state.Group, state.By, state.Eye, state.Rows, state.Live, state.Charts));
        read.Columns!.Value.ShouldBe(state.Columns!.Value); // both were chosen
        (read.Turned.AsEnumerable(), read.Pinned.AsEnumerable(), read.Open.AsEnumerable()).ShouldSatisfyAllConditions(
            lists => lists.Item1.ShouldBe(["r1", "r2"]), lists => lists.Item2.ShouldBe(["r3"]), lists => lists.Item3.ShouldBe(["r1", "g:0.5, and more"]));
    }

    [Fact]
    public void A_link_can_say_the_usual_columns_whatever_somebody_has_kept()
    {
        var read = RunTableState.Read(Page + new RunTableState { Usual = true }.ToQuery());

        (read.Usual, read.Columns.HasValue).ShouldBe((true, false));
        (RunTableState.Read(Page + "?cols=usual,metrics.a").Usual, RunTableState.Read(Page).Usual).ShouldBe((false, false));
        RunTableState.ColumnsOf(RunTableState.TextOf(["metrics.a,b", "params.x y", "start_time"])).ShouldBe(["metrics.a,b", "params.x y", "start_time"]);
    }

    [Fact]
    public void What_is_as_usual_leaves_the_address_plain() => new RunTableState().ToQuery().ShouldBe("");

    [Theory]
    [InlineData("?rows=-5&by=9&eye=x&smooth=400&x=77&since=1y&view=?")]
    [InlineData("?rows=abc&by=&cols=&pin=&open=")]
    public void An_address_that_says_nonsense_is_read_as_the_usual(string query)
    {
        var state = RunTableState.Read(Page + query);

        (state.Rows, state.By, state.Eye, state.Since, state.View, state.Charts.X).ShouldBe((100, Aggregate.Average, Eye.First10, null, "table", CurveX.Step));
        state.Charts.Smoothing.ShouldBeInRange(0, 99);
    }

    [Fact]
    public void Columns_are_written_as_a_search_writes_them()
    {
        RunColumn.Parse("metrics.auc").ShouldBe(new RunColumn(ColumnKind.Metric, "auc"));
        RunColumn.Parse("params.a.b")!.Sort.ShouldBe("params.`a.b`");
        RunColumn.Parse("start_time")!.Sort.ShouldBe("attributes.start_time");
        RunColumn.Parse("duration")!.Sort.ShouldBeNull();
        RunColumn.Parse("nothing").ShouldBeNull();
        RunColumn.Parse("metrics.").ShouldBeNull();
    }

    [Fact]
    public void Parameters_that_differ_between_runs_are_shown_before_those_that_do_not()
    {
        RunRow[] runs = [Run("1", parameters: [("a", "1"), ("b", "1"), ("c", "1"), ("d", "1"), ("z", "1")]), Run("2", parameters: [("a", "1"), ("b", "1"), ("c", "1"), ("d", "1"), ("z", "2")])];

        RunColumn.Default(runs).Where(column => column.Kind == ColumnKind.Param).Select(column => column.Name).ShouldBe(["z", "a", "b", "c"]);
    }

    [Fact]
    public void A_cell_for_programs_has_all_digits_and_one_for_people_four()
    {
        var run = Run("1", metrics: [("auc", 0.123456789), ("broken", double.NaN)]);
        var auc = new RunColumn(ColumnKind.Metric, "auc");

        (auc.Raw(run), auc.Text(run)).ShouldBe(("0.123456789", "0.1235"));
        new RunColumn(ColumnKind.Metric, "broken").Text(run).ShouldBe("NaN");
        new RunColumn(ColumnKind.Attribute, "duration").Raw(run).ShouldBe("90");
    }

    [Theory]
    [InlineData("a > 1 b", 6, 1, "a > 1 ", "b", "")]
    [InlineData("a >", 3, 0, "a >", "", "")]
    [InlineData("abc", 90, 5, "abc", "", "")]
    public void The_mark_stands_at_the_character_that_is_wrong(string text, int start, int length, string before, string at, string after)
    {
        var mark = FilterMark.Of(text, start, length);

        (mark.Before, mark.At, mark.After).ShouldBe((before, at, after));
    }

    [Fact]
    public void Only_what_differs_is_left_of_a_comparison_and_a_missing_value_differs()
    {
        RunRow[] runs = [Run("1", parameters: [("same", "1"), ("other", "1"), ("alone", "1")]), Run("2", parameters: [("same", "1"), ("other", "2")])];

        var lines = RunDiff.Of(runs, run => run.Params.Keys, (run, name) => run.Params.GetValueOrDefault(name));

        lines.Select(line => line.Name).ShouldBe(["alone", "other", "same"]);
        RunDiff.Shown(lines, diffOnly: true).Select(line => line.Name).ShouldBe(["alone", "other"]);
        lines[0].Values.ShouldBe(["1", null]);
    }

    [Fact]
    public void The_snippet_has_at_most_six_lines_the_real_address_and_safe_quotes()
    {
        var snippets = ConnectSnippet.Of(new Uri("http://localhost:5080/t/alder/experiments?q=1"), "alder", "Mara's \"best\"", "mop_secret");

        snippets.ShouldAllBe(snippet => snippet.Text.Split('\n').Length <= 6);
        snippets[0].Text.ShouldContain("\"http://localhost:5080/t/alder\"");
        snippets[0].Text.ShouldContain("\"Mara's \\\"best\\\"\"");
        snippets[1].Text.ShouldContain("'Mara'\\''s \"best\"'");
        snippets[2].Text.ShouldContain("'Mara''s \"best\"'");
    }
}
