using System.Collections.Immutable;
using AngleSharp.Dom;
using Bunit;
using MlOpsPortal.Web.Components.Charts;
using MlOpsPortal.Web.Components.Pages.Experiments;
using MlOpsPortal.Web.Kit;
using static MlOpsPortal.Web.Pages.Experiments.TestRuns;

namespace MlOpsPortal.Web.Pages.Experiments;

public sealed class RunsTableTests : KitTest
{
    private static readonly RunRow[] Runs =
    [
        Run("a", metrics: [("auc", 0.7)], parameters: [("depth", "2"), ("kind", "tree")]),
        Run("b", parent: "a", status: "FAILED", metrics: [("auc", double.NaN)], parameters: [("depth", "4"), ("kind", "tree")]),
        Run("c", status: "RUNNING", metrics: [("auc", double.PositiveInfinity)], parameters: [("depth", "3"), ("kind", "forest")]),
    ];

    private static readonly RunColumn[] Columns = [new(ColumnKind.Attribute, "start_time"), new(ColumnKind.Metric, "auc"), new(ColumnKind.Param, "depth")];

    private RunTableState? asked;
    private IReadOnlyList<string> ticked = [];

    [Fact]
    public void Children_stand_under_their_parent_only_when_it_is_unfolded()
    {
        Table(new RunTableState()).FindAll("tbody tr").Select(Name).ShouldBe(["name-a", "name-c"]);

        var open = Table(new RunTableState { Open = ["a"] });

        open.FindAll("tbody tr").Select(Name).ShouldBe(["name-a", "name-b", "name-c"]);
        open.FindAll("tbody tr")[1].QuerySelector(".run-name > div")!.GetAttribute("style").ShouldBe("padding-left:20px"); // each row has one
    }

    [Fact]
    public void Unfolding_a_parent_asks_for_it_in_the_address()
    {
        Table(new RunTableState { Sort = "metrics.auc" }).Find("button[aria-label='Child runs of name-a: 1']").Click();

        asked.ShouldNotBeNull().Open.ShouldBe(["a"]);
        asked.Sort.ShouldBe("metrics.auc");
    }

    [Fact]
    public void A_metric_is_sorted_highest_first_and_lowest_first_by_the_second_click()
    {
        Sort(Table(new RunTableState()), "auc").ShouldBe("?sort=-metrics.auc");
        Sort(Table(new RunTableState { Sort = "-metrics.auc" }), "auc").ShouldBe("?sort=metrics.auc");
        Sort(Table(new RunTableState()), "depth").ShouldBe("?sort=params.depth");
        Table(new RunTableState { Sort = "-metrics.auc" }).FindAll("thead th[aria-sort]").Single(head => head.HasAttribute("aria-sort") && head.TextContent.Contains("auc", StringComparison.Ordinal)).GetAttribute("aria-sort").ShouldBe("descending");
    }

    [Fact]
    public void What_is_no_number_is_told_by_its_name_and_what_is_missing_by_a_dash()
    {
        var table = Table(new RunTableState { Open = ["a"] }, columns: [new(ColumnKind.Metric, "auc"), new(ColumnKind.Tag, "team")]);

        table.FindAll("tbody tr").Select(row => row.QuerySelectorAll("td").TakeLast(2).Select(cell => cell.TextContent.Trim())).ShouldBe([["0.7", "–"], ["NaN", "–"], ["∞", "–"]]);
    }

    [Fact]
    public void Groups_fold_their_runs_and_tell_one_number_of_each_metric()
    {
        var table = Table(new RunTableState { Group = "params.kind", By = Aggregate.Max, Open = ["g:forest"] });

        table.FindAll("tbody tr").Select(Name).ShouldBe(["tree 2 runs", "forest 1 run", "name-c"]);
        table.FindAll("tbody tr")[0].QuerySelectorAll("td.n")[0].TextContent.ShouldBe("0.7"); // of the run that has a number
        table.FindAll("thead .under")[0].TextContent.ShouldBe("highest");
    }

    [Fact]
    public void A_pinned_run_stands_first_and_says_so()
    {
        var table = Table(new RunTableState { Pinned = ["c"] });

        table.FindAll("tbody tr").Select(Name).ShouldBe(["name-c", "name-a"]);
        table.Find("button[aria-label='Pin name-c']").GetAttribute("aria-pressed").ShouldBe("true");
        table.Find("button[aria-label='Pin name-c']").Click();
        asked.ShouldNotBeNull().Pinned.ShouldBeEmpty();
    }

    [Fact]
    public void The_eye_is_open_for_what_the_charts_draw_and_turns_one_run_around()
    {
        var table = Table(new RunTableState(), drawn: ["a"]);

        table.Find("button[aria-label='Draw name-a in charts']").GetAttribute("aria-pressed").ShouldBe("true");
        table.Find("button[aria-label='Draw name-c in charts']").GetAttribute("aria-pressed").ShouldBe("false");
        table.Find("button[aria-label='Draw name-c in charts']").Click();
        asked.ShouldNotBeNull().Turned.ShouldBe(["c"]);
    }

    [Fact]
    public void A_group_is_ticked_with_all_its_runs()
    {
        Table(new RunTableState { Group = "params.kind" }).Find("input[aria-label='Select the 2 runs of tree']").Change(true);

        ticked.ShouldBe(["a", "b"]);
    }

    private IRenderedComponent<RunsTable> Table(RunTableState state, string[]? drawn = null, RunColumn[]? columns = null) => Render<RunsTable>(table => table
        .Add(t => t.Lines, RunLines.Of(Runs, state)).Add(t => t.Columns, columns ?? Columns).Add(t => t.State, state).Add(t => t.Caption, "Runs")
        .Add(t => t.Marks, RunMark.For(drawn ?? [])).Add(t => t.Selected, ImmutableHashSet<string>.Empty)
        .Add(t => t.Href, of => of.ToQuery()).Add(t => t.RunHref, run => "/runs/" + run.Id)
        .Add(t => t.OnState, next => asked = next).Add(t => t.OnSelect, runs => ticked = runs));

    private static string Name(IElement row) => string.Join(' ', row.QuerySelectorAll(".run-name a, .run-name > div > span:not([class='run-nodot']):not([class='run-indent']):not(.chip)").Select(part => part.TextContent.Trim()).Where(text => text.Any(letter => !char.IsDigit(letter))));

    private static string? Sort(IRenderedComponent<RunsTable> table, string column) => table.FindAll("thead a").Single(link => link.TextContent == column).GetAttribute("href");
}
