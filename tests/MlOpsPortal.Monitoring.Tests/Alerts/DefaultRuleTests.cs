using MlOpsPortal.Monitoring.Alerts;

namespace MlOpsPortal.Monitoring.Tests.Alerts;

public sealed class DefaultRuleTests
{
    [Fact]
    public void The_default_rules_are_valid() => DefaultRules.All.ShouldAllBe(rule => rule.Refusal() == null);

    [Fact]
    public void A_season_that_comes_and_goes_raises_nothing() =>
        Given.Fired(Given.Weeks(52, (week, column) => column is "c1" or "c2" ? 0.25 + (0.12 * Math.Sin(Math.PI * week / 52)) : 0.25)).ShouldBeEmpty();

    [Fact]
    public void A_season_passes_what_is_usually_called_a_moderate_shift() =>
        Given.Week(26, (_, _) => 0.25 + 0.12).Columns["c1"].Shape!.Psi.ShouldBeInRange(0.06, 0.25);

    [Fact]
    public void A_column_that_breaks_off_fires_in_its_first_week()
    {
        var fired = Given.Fired(Given.Weeks(20, (week, column) => column == "c3" && week is >= 14 and <= 16 ? 0.85 : 0.25));

        var first = fired.Single(item => item.Rule == "A column breaks off");
        first.Episode.Subject.ShouldBe("c3");
        Given.WeekOf(first.Episode.Fired).ShouldBe(14);
        Given.WeekOf(first.Episode.Latest).ShouldBe(16);
        first.Episode.Ended.ShouldNotBeNull();
        fired.Select(item => item.Episode.Subject).Distinct(StringComparer.Ordinal).ShouldBe(["c3"]);
    }

    [Fact]
    public void A_column_that_slides_faster_than_a_season_fires_before_it_is_far()
    {
        var fired = Given.Fired(Given.Weeks(40, (week, column) => column == "c2" ? 0.25 + (0.02 * Math.Clamp(week - 20, 0, 18)) : 0.25));

        var slide = fired.Single(item => item.Rule == "A column slides away").Episode;
        var far = fired.Single(item => item.Rule == "A column is far from the reference").Episode;
        slide.Fired.ShouldBeLessThan(far.Fired);
        Given.WeekOf(slide.Fired).ShouldBeInRange(25, 30);
        far.Ended.ShouldBeNull();
    }

    [Fact]
    public void Few_rows_do_not_make_an_alert()
    {
        var windows = Enumerable.Range(1, 10).Select(week => Given.Week(week, (_, _) => week == 5 ? 0.6 : 0.25, rows: 60)).ToList();

        Given.Fired(new Watched(windows, [])).ShouldBeEmpty();
    }

    [Fact]
    public void A_metric_must_lose_a_fifth_of_its_skill_in_two_of_three_weeks()
    {
        Given.Fired(Given.Weeks(12, Given.Steady, auc: week => week is 6 or 9 ? 0.69 : 0.745)).ShouldBeEmpty();

        var fired = Given.Fired(Given.Weeks(12, Given.Steady, auc: week => week >= 6 ? 0.69 : 0.745)).ShouldHaveSingleItem();
        fired.Rule.ShouldBe("The model lost a fifth of its skill");
        Given.WeekOf(fired.Episode.Fired).ShouldBe(7);
        fired.Episode.Value.ShouldBe(0.24, 1e-9);
    }

    [Fact]
    public void A_metric_that_is_not_there_raises_nothing()
    {
        var windows = Enumerable.Range(1, 12).Select(week => Given.Week(week, Given.Steady) with { Metric = new WatchedMetric("roc_auc", 0.5, 0.75, true, 0.5, 0.01, Coverage: 0.2) }).ToList();

        Given.Fired(new Watched(windows, [])).ShouldBeEmpty();
    }

    [Fact]
    public void A_kpi_fires_when_it_is_red_or_slips_against_its_own_past()
    {
        var kpi = Given.Kpi(20, week => week >= 15 ? 0.13 : 0.2);

        Given.Fired(Given.Weeks(20, Given.Steady, kpis: [kpi])).Select(item => item.Rule).ShouldBe(["A KPI is red", "A KPI slips"]);
    }

    [Fact]
    public void An_alert_does_not_outlive_its_reference()
    {
        var before = Enumerable.Range(1, 10).Select(week => Given.Week(week, (_, column) => column == "c1" && week >= 6 ? 0.8 : 0.25));
        var after = Enumerable.Range(11, 3).Select(week => Given.Week(week, Given.Steady, reference: "the new model's test"));

        Given.Fired(new Watched([.. before, .. after], [])).ShouldAllBe(item => item.Episode.Ended == Given.Monday(11));
    }
}
