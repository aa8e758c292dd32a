using System.Collections.Immutable;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Objectives;
using MlOpsPortal.Projects.Objectives.CheckIns;
using MlOpsPortal.Projects.Objectives.Progress;

namespace MlOpsPortal.Projects.Tests.Objectives.Progress;

public sealed class ProgressTests
{
    private static readonly DateOnly Start = new(2026, 1, 1);
    private static readonly DateOnly Today = new(2026, 7, 2);
    private static readonly Objective Committed = new(default, "O", "", ObjectiveType.Committed, Start, new DateOnly(2026, 12, 31), []);
    private static readonly Objective Aspirational = Committed with { Type = ObjectiveType.Aspirational };
    private static readonly KeyResult Share = new("Visit share", "share", 0.15m, 0.20m);

    [Theory]
    [InlineData(0.15, 0.20, 0.173, 0.46)]
    [InlineData(80, 120, 86, 0.15)]
    [InlineData(10, 2, 4, 0.75)]
    [InlineData(0.15, 0.20, 0.13, -0.4)]
    [InlineData(0.15, 0.20, 0.22, 1.4)]
    public void Increase_and_decrease_are_one_formula_whose_sign_cancels(double start, double target, double now, double expected) =>
        Progressing.Of(new KeyResult("K", "x", (decimal)start, (decimal)target), On(now), Today).ShouldBe((decimal)expected);

    [Fact]
    public void What_goes_beyond_the_target_is_shown_as_one_with_a_badge_and_a_step_back_as_zero()
    {
        var beyond = KeyResultStanding.Of(Share, Committed, On(0.22), Today);
        var back = KeyResultStanding.Of(Share, Committed, On(0.13), Today);

        (beyond.Progress, beyond.Shown, beyond.BeyondTarget, back.Shown, back.BeyondTarget).ShouldBe((1.4m, 1m, true, 0m, false));
    }

    [Fact]
    public void Before_the_first_check_in_there_is_no_progress() => Progressing.Of(Share, [], Today).ShouldBeNull();

    [Fact]
    public void Maintaining_is_the_share_of_the_windows_check_ins_inside_the_band()
    {
        var result = new KeyResult("Unsubscribes", "per 1,000") { Type = KeyResultType.Maintain, Upper = 4, Window = 30 };
        ImmutableArray<CheckIn> checkIns = [At(Today.AddDays(-30), 9), At(Today.AddDays(-21), 2), At(Today.AddDays(-14), 4), At(Today.AddDays(-7), 5), At(Today, 3)];

        Progressing.Of(result, checkIns, Today).ShouldBe(0.75m);
    }

    [Fact]
    public void Out_of_the_band_now_is_a_risk_whatever_the_share()
    {
        var result = new KeyResult("Unsubscribes", "per 1,000") { Type = KeyResultType.Maintain, Lower = 1, Upper = 4 };
        ImmutableArray<CheckIn> checkIns = [.. Enumerable.Range(1, 20).Select(week => At(Today.AddDays(-7 * week), 2)).Reverse(), At(Today, 4.1)];

        var standing = KeyResultStanding.Of(result, Committed, checkIns, Today);

        standing.Progress.ShouldBe(20 / 21m);
        standing.Risks.Select(reason => reason.Rule).ShouldBe([RiskRule.OutOfBand]);
        standing.Pace.OnPace.ShouldBeFalse();
    }

    [Theory]
    [InlineData(null, 1, 1)]
    [InlineData(null, 0, 0)]
    [InlineData(40, 31, 0.775)]
    [InlineData(6, 3, 0.5)]
    public void A_milestone_is_what_is_done_of_what_there_is(int? total, int done, double expected) =>
        Progressing.Of(new KeyResult("Stores", "stores", null, total) { Type = KeyResultType.Milestone }, On(done), Today).ShouldBe((decimal)expected);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10, 0.3)]
    [InlineData(15, 0.5)]
    [InlineData(20, 0.7)]
    [InlineData(60, 0.85)]
    [InlineData(100, 1)]
    [InlineData(180, 1.3)]
    [InlineData(-10, -0.3)]
    public void Zones_are_linear_between_the_marks_that_are_given(double value, double expected) =>
        Progressing.Of(new KeyResult("K", "x", 0, 20) { Type = KeyResultType.Zones, Commit = 10, Stretch = 100 }, On(value), Today).ShouldBe((decimal)expected);

    [Theory]
    [InlineData(70, 0.3, Zone.Commit)]
    [InlineData(30, 0.7, Zone.Target)]
    [InlineData(71, 0.29, Zone.Fail)]
    [InlineData(0, 1, Zone.Stretch)]
    public void Without_marks_between_zones_lie_at_thirty_and_seventy_per_cent_also_downwards(double value, double expected, Zone zone)
    {
        var progress = Progressing.Of(new KeyResult("K", "x", 100) { Type = KeyResultType.Zones, Stretch = 0 }, On(value), Today);

        progress.ShouldBe((decimal)expected);
        Progressing.ZoneOf(progress!.Value).ShouldBe(zone); // not null: just compared
    }

    [Theory]
    [InlineData(Zone.Fail, 0)]
    [InlineData(Zone.Commit, 0.3)]
    [InlineData(Zone.Target, 0.7)]
    [InlineData(Zone.Stretch, 1)]
    public void An_ordinal_key_result_is_worth_its_zone(Zone zone, double expected) =>
        Progressing.Of(new KeyResult("K", "state") { Type = KeyResultType.Ordinal }, [At(Today, 0) with { Value = null, Zone = zone }], Today).ShouldBe((decimal)expected);

    [Fact]
    public void An_objective_is_the_weighted_mean_without_what_is_archived_and_with_none_beyond_one()
    {
        var results = Named(("A", 3, false), ("B", 1, false), ("C", 1, true));
        var checkIns = CheckIns((results[0], 0.5), (results[1], 9), (results[2], 0));

        var standing = ObjectiveStanding.Of(Committed with { KeyResults = results }, checkIns, Today);

        standing.Progress.ShouldBe(((3 * 0.5m) + (1 * 1m)) / 4);
    }

    [Fact]
    public void An_objective_without_any_weight_has_no_progress_and_no_fault()
    {
        var results = Named(("A", 0, false), ("B", 0, false));

        ObjectiveStanding.Of(Committed with { KeyResults = results }, CheckIns((results[0], 0.5)), Today).Progress.ShouldBeNull();
        ObjectiveStanding.Of(Committed, CheckIns(), Today).Progress.ShouldBeNull();
    }

    [Theory]
    [InlineData("0.3999999999", GradeColour.Red)]
    [InlineData("0.4", GradeColour.Amber)]
    [InlineData("0.6999999999", GradeColour.Amber)]
    [InlineData("0.7", GradeColour.Green)]
    [InlineData("-1", GradeColour.Red)]
    [InlineData("2", GradeColour.Green)]
    public void Colours_of_an_aspiration_are_half_open_bands_of_the_unrounded_number(string progress, GradeColour expected) =>
        GradeColours.Of(decimal.Parse(progress, System.Globalization.CultureInfo.InvariantCulture), ObjectiveType.Aspirational, onPace: false).ShouldBe(expected);

    [Theory]
    [InlineData("0.99", true, GradeColour.Amber)]
    [InlineData("0.99", false, GradeColour.Red)]
    [InlineData("1", false, GradeColour.Green)]
    public void What_is_committed_is_green_only_when_reached_and_red_when_the_pace_is_lost(string progress, bool onPace, GradeColour expected) =>
        GradeColours.Of(decimal.Parse(progress, System.Globalization.CultureInfo.InvariantCulture), ObjectiveType.Committed, onPace).ShouldBe(expected);

    [Fact]
    public void The_pace_is_the_time_that_has_passed_of_what_is_expected_at_the_end()
    {
        var halfway = Pace.Of(Share, Committed, 0.5m, 0.175m, Today);
        var aspiring = Pace.Of(Share, Aspirational, 0.36m, 0.168m, Today);

        halfway.ShouldBe(new Pace(0.5m, 0.5m, OnPace: true));
        aspiring.ShouldBe(new Pace(0.5m, 0.35m, OnPace: true));
        Pace.ElapsedOf(Start, Start, Start).ShouldBe(1);
        Pace.ElapsedOf(Start, Committed.End, new DateOnly(2025, 1, 1)).ShouldBe(0);
    }

    [Fact]
    public void Each_rule_that_fires_says_so()
    {
        var late = new DateOnly(2026, 12, 20);
        ImmutableArray<CheckIn> checkIns = [At(new DateOnly(2026, 12, 12), 0.155) with { Confidence = 3 }];

        var risks = KeyResultStanding.Of(Share, Committed, checkIns, late).Risks;

        risks.Select(reason => reason.Rule).ShouldBe([RiskRule.LowProgress, RiskRule.StaleCheckIn, RiskRule.LowConfidence, RiskRule.EndNear]);
        risks[1].Args.ShouldBe(["2026-12-12", "2026-12-19"]);
    }

    [Fact]
    public void A_fresh_confident_key_result_on_pace_is_not_at_risk() =>
        KeyResultStanding.Of(Share, Committed, [At(Today, 0.18)], Today).Risks.ShouldBeEmpty();

    [Theory]
    [InlineData(Cadence.Weekly, 7, false)]
    [InlineData(Cadence.Weekly, 8, true)]
    [InlineData(Cadence.Daily, 2, true)]
    [InlineData(Cadence.Monthly, 31, false)]
    [InlineData(Cadence.Irregular, 3000, false)]
    public void A_check_in_is_stale_when_more_than_its_cadence_has_passed(Cadence cadence, int days, bool stale) =>
        (RiskRules.OverdueSince(cadence, Today.AddDays(-days), Start, Today) is not null).ShouldBe(stale);

    [Fact]
    public void Outside_its_period_nothing_is_at_risk_or_due()
    {
        var over = KeyResultStanding.Of(Share, Committed, [], new DateOnly(2027, 1, 1));

        (over.Risks.IsEmpty, over.DueSince).ShouldBe((true, (DateOnly?)null));
    }

    private static ImmutableArray<KeyResult> Named(params (string Title, decimal Weight, bool Archived)[] results) =>
        [.. results.Select(one => new KeyResult(one.Title, "x", 0, 1) { Id = new KeyResultId(Guid.NewGuid()), Weight = one.Weight, Archived = one.Archived })];

    private static ILookup<Guid, CheckIn> CheckIns(params (KeyResult Result, double Value)[] values) => values.ToLookup(one => one.Result.Id.Value, one => At(Today, one.Value));

    private static ImmutableArray<CheckIn> On(double value) => [At(Today, value)];

    private static CheckIn At(DateOnly date, double value) => new(date, (decimal)value, null, 8, "", "", Given.Ana.User, "Ana Reyes", Given.Now, 1, Withdrawn: false);
}
