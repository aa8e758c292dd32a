using Bunit;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Kit;

public sealed class StateTests : KitTest
{
    [Theory]
    [InlineData(Tone.Ok, "ok")]
    [InlineData(Tone.Warn, "warn")]
    [InlineData(Tone.Bad, "bad")]
    [InlineData(Tone.Info, "info")]
    public void A_chip_says_its_state_in_icon_word_and_colour(Tone tone, string css)
    {
        var chip = Render<Chip>(p => p.Add(c => c.Tone, tone).Add(c => c.Text, "steady")).Find(".chip");

        chip.ClassName.ShouldBe("chip " + css);
        chip.TextContent.ShouldBe("steady");
        chip.QuerySelector("svg")!.GetAttribute("aria-hidden").ShouldBe("true");
    }

    [Fact]
    public void The_spine_marks_the_current_stage_as_a_step_and_numbers_all()
    {
        var spine = Render<Spine>(p => p.Add(s => s.Stages,
            [new SpineStage("Business", SpineState.Done, "signed off 3 Feb", "/b"), new SpineStage("Data", SpineState.Current), new SpineStage("Development", SpineState.Ahead)]));

        spine.FindAll("li").Select(stage => stage.QuerySelector(".spine-t")!.TextContent.Trim()).ShouldBe(["1 Business", "2 Data", "3 Development"]);
        spine.Find("[aria-current=step]").TextContent.ShouldContain("Data");
        spine.Find("a").GetAttribute("href").ShouldBe("/b");
    }

    [Fact]
    public void A_tile_without_a_value_shows_a_dash_not_a_zero() =>
        Render<StatTile>(p => p.Add(t => t.Label, "AUC").Add(t => t.Value, null)).Find(".mid").TextContent.ShouldBe("–");

    [Fact]
    public void Progress_carries_its_real_value_and_a_name()
    {
        var bar = Render<ProgressBar>(p => p.Add(b => b.Label, "Profile").Add(b => b.Value, 0.625).Add(b => b.Note, "40 s left")).Find("[role=progressbar]");

        bar.GetAttribute("aria-valuenow").ShouldBe("62.5");
        bar.GetAttribute("aria-label").ShouldBe("Profile");
        bar.GetAttribute("aria-valuetext").ShouldBe("40 s left");
    }

    [Fact]
    public void Unknown_progress_shows_no_bar() =>
        Render<ProgressBar>(p => p.Add(b => b.Label, "Profile").Add(b => b.Value, null).Add(b => b.Note, "waiting")).FindAll("[role=progressbar]").ShouldBeEmpty();

    [Fact]
    public void An_error_says_what_happened_what_to_do_and_lets_one_copy_the_trace_id()
    {
        var panel = Render<ErrorPanel>(p => p.Add(e => e.Title, "The evaluation failed").Add(e => e.TraceId, "4be1").AddChildContent("Map the column."));

        panel.Find("[role=alert]").TextContent.ShouldContain("Map the column.");
        panel.Find("button[data-copy]").GetAttribute("data-copy").ShouldBe("4be1");
        panel.Find("button[data-copy]").GetAttribute("aria-label").ShouldBe("Copy trace id");
    }

    [Fact]
    public void A_past_time_is_relative_with_the_exact_one_beside_it()
    {
        var time = Render<RelativeTime>(p => p.Add(t => t.Value, Now.AddHours(-2))).Find("time");

        time.TextContent.ShouldBe("2 h ago9 Sep 2025 10:00:00 UTC");
        time.GetAttribute("datetime").ShouldBe("2025-09-09T10:00:00.000000Z");
        time.GetAttribute("tabindex").ShouldBe("0");
    }

    [Fact]
    public void The_current_tab_is_the_one_at_the_pages_address()
    {
        At("/endpoints/offers/releases?sort=-at");

        var tabs = Render<Tabs>(p => p.Add(t => t.Items, [new Tab("Overview", "/endpoints/offers"), new Tab("Releases", "/endpoints/offers/releases", 6)]));

        tabs.FindAll("[aria-current=page]").Single().TextContent.ShouldContain("Releases");
    }

    [Fact]
    public void An_unknown_icon_is_an_error_at_once() =>
        Should.Throw<KeyNotFoundException>(() => Render<Icon>(p => p.Add(i => i.Name, "unicorn")));
}
