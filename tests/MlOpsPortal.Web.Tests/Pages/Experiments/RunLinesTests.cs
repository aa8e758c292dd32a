using MlOpsPortal.Web.Components.Pages.Experiments;
using static MlOpsPortal.Web.Pages.Experiments.TestRuns;

namespace MlOpsPortal.Web.Pages.Experiments;

public sealed class RunLinesTests
{
    private static readonly RunRow[] Nested = [Run("p"), Run("b"), Run("c1", "p"), Run("c2", "p"), Run("g", "c1")];

    [Fact]
    public void Children_are_folded_under_their_parent_with_their_number()
    {
        var lines = RunLines.Of(Nested, new RunTableState());

        lines.Cast<RunLine.Of>().Select(line => (line.Run.Id, line.Children)).ShouldBe([("p", 2), ("b", 0)]);
    }

    [Fact]
    public void An_unfolded_parent_shows_its_children_below_it_and_theirs_when_unfolded_too()
    {
        Shown(Nested, new RunTableState { Open = ["p"] }).ShouldBe([("p", 0), ("c1", 1), ("c2", 1), ("b", 0)]);
        Shown(Nested, new RunTableState { Open = ["p", "c1"] }).ShouldBe([("p", 0), ("c1", 1), ("g", 2), ("c2", 1), ("b", 0)]);
        Shown(Nested, new RunTableState { Open = ["c1"] }).ShouldBe([("p", 0), ("b", 0)]);
    }

    [Fact]
    public void A_child_whose_parent_is_not_loaded_stands_by_itself() => Shown([Run("c", "far away"), Run("a")], new RunTableState()).ShouldBe([("c", 0), ("a", 0)]);

    [Fact]
    public void Runs_that_name_each_other_as_parents_are_all_shown_once() =>
        Shown([Run("a", "b"), Run("b", "a"), Run("self", "self")], new RunTableState { Open = ["a", "b"] }).Select(line => line.Id).Order().ShouldBe(["a", "b", "self"]);

    [Fact]
    public void Pinned_runs_come_first_in_the_order_they_were_pinned_and_only_there() =>
        Shown(Nested, new RunTableState { Pinned = ["b", "c2"] }).ShouldBe([("b", 0), ("c2", 0), ("p", 0)]);

    [Fact]
    public void Groups_stand_in_the_order_of_their_first_run_and_take_mean_least_or_greatest()
    {
        RunRow[] runs = [Kind("1", "tree", 0.5), Kind("2", "linear", 0.9), Kind("3", "tree", 0.7), Run("4"), Kind("5", "tree", double.NaN)];

        var groups = RunLines.Of(runs, new RunTableState { Group = "params.kind" }).Cast<RunLine.Group>().ToList();

        groups.Select(group => (group.Value, group.Runs.Count)).ShouldBe([("tree", 3), ("linear", 1), (null, 1)]);
        (groups[0].Metric("auc", Aggregate.Average), groups[0].Metric("auc", Aggregate.Min), groups[0].Metric("auc", Aggregate.Max)).ShouldBe((0.6, 0.5, 0.7));
        groups[2].Metric("auc", Aggregate.Average).ShouldBeNull();
    }

    [Fact]
    public void An_open_group_shows_its_runs() =>
        RunLines.Of([Kind("1", "0.5", 1), Kind("2", "tree", 1)], new RunTableState { Group = "params.kind", Open = ["g:0.5"] }).OfType<RunLine.Of>().Single().Run.Id.ShouldBe("1");

    [Fact]
    public void The_eye_is_open_for_the_first_ten_lines_and_each_can_be_turned()
    {
        RunRow[] runs = [.. Enumerable.Range(0, 30).Select(number => Run($"r{number}", status: number == 29 ? "RUNNING" : "FINISHED"))];

        Eyes(runs, new RunTableState()).Count.ShouldBe(10);
        Eyes(runs, new RunTableState { Eye = Eye.First20 }).Count.ShouldBe(20);
        Eyes(runs, new RunTableState { Eye = Eye.Unfinished }).ShouldBe(["r29"]);
        Eyes(runs, new RunTableState { Eye = Eye.None, Turned = ["r7"] }).ShouldBe(["r7"]);
        Eyes(runs, new RunTableState { Eye = Eye.All, Turned = ["r7"] }).ShouldNotContain("r7");
        Eyes(runs, new RunTableState { Pinned = ["r25"] }).ShouldContain("r25");
    }

    [Fact]
    public void No_more_than_a_hundred_runs_are_drawn_at_once() =>
        Eyes([.. Enumerable.Range(0, 300).Select(number => Run($"r{number}"))], new RunTableState { Eye = Eye.All }).Count.ShouldBe(RunEye.Most);

    private static List<string> Eyes(RunRow[] runs, RunTableState state) => [.. RunEye.Visible(RunLines.Of(runs, state), runs, state).Select(run => run.Id)];

    private static List<(string Id, int Depth)> Shown(RunRow[] runs, RunTableState state) => [.. RunLines.Of(runs, state).Cast<RunLine.Of>().Select(line => (line.Run.Id, line.Depth))];

    private static RunRow Kind(string id, string kind, double auc) => Run(id, metrics: [("auc", auc)], parameters: [("kind", kind)]);
}
