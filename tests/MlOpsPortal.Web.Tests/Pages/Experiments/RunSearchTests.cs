using Bunit;
using MlOpsPortal.Web.Components.Pages.Experiments;
using MlOpsPortal.Web.Kit;
using static MlOpsPortal.Web.Pages.Experiments.TestRuns;

namespace MlOpsPortal.Web.Pages.Experiments;

public sealed class RunSearchTests : KitTest
{
    private readonly List<string> searched = [];

    [Fact]
    public void What_is_typed_is_searched_when_it_is_sent_and_not_before()
    {
        var search = Search("");

        search.Find("input").Input("  metrics.auc > 0.5 ");
        searched.ShouldBeEmpty();
        search.Find("form").Submit();

        searched.ShouldBe(["metrics.auc > 0.5"]);
    }

    [Fact]
    public void A_fault_is_marked_at_its_character_and_told_to_who_does_not_see_it()
    {
        var search = Search("metrics.auc >> 1", (12, 2, "An operator is expected here."));

        search.Find(".run-fault[role=alert] p").TextContent.ShouldBe("Character 13: An operator is expected here.");
        search.Find(".run-fault pre").TextContent.ShouldBe("metrics.auc >> 1");
        search.Find(".run-fault mark").TextContent.ShouldBe(">>");
        (search.Find("input").GetAttribute("aria-invalid"), search.Find("input").GetAttribute("aria-describedby")).ShouldBe(("true", search.Find(".run-fault").Id));
    }

    [Fact]
    public void Where_something_is_missing_at_the_end_the_mark_stands_behind_the_last_character()
    {
        var search = Search("metrics.auc >", (13, 0, "A number is missing."));

        search.Find(".run-fault p").TextContent.ShouldStartWith("Character 14:");
        search.Find(".run-fault mark").TextContent.ShouldBe(" ");
    }

    [Fact]
    public void A_search_without_a_fault_is_described_by_its_help()
    {
        var search = Search("metrics.auc > 0.5");

        search.FindAll(".run-fault").ShouldBeEmpty();
        search.Find("input").GetAttribute("aria-invalid").ShouldBeNull();
        search.Find($"#{search.Find("input").GetAttribute("aria-describedby")}").TextContent.ShouldContain("What can be searched");
    }

    [Fact]
    public void The_examples_name_what_these_runs_have()
    {
        var search = Search("", runs: [Run("a", metrics: [("val loss", 0.25)], parameters: [("kind", "tree's")])]);

        search.FindAll("#run-filter-help code").Select(example => example.TextContent).ShouldSatisfyAllConditions(
            examples => examples.ShouldContain("metrics.`val loss` >= 0.25"), examples => examples.ShouldContain("params.`kind` = 'trees'"));
        search.FindAll("#run-filter-help a")[0].GetAttribute("href").ShouldBe("/?q=metrics.`val loss` >= 0.25");
    }

    [Fact]
    public void What_is_being_typed_outlives_a_reload_of_the_runs_and_gives_way_to_another_search()
    {
        var search = Search("status = 'FAILED'");
        search.Find("input").Input("status = 'FAILED' AND ");

        search.Render(parameters => parameters.Add(s => s.Runs, [Run("a")]));
        search.Find("input").GetAttribute("value").ShouldBe("status = 'FAILED' AND ");
        search.Render(parameters => parameters.Add(s => s.Text, "run_name = 'x'"));

        search.Find("input").GetAttribute("value").ShouldBe("run_name = 'x'");
    }

    private IRenderedComponent<RunSearch> Search(string text, (int, int, string)? fault = null, RunRow[]? runs = null) => Render<RunSearch>(search => search
        .Add(s => s.Text, text).Add(s => s.Fault, fault).Add(s => s.Runs, runs ?? []).Add(s => s.Href, filter => "/?q=" + filter).Add(s => s.OnSearch, searched.Add));
}
