using MlOpsPortal.Monitoring.Measuring;
using MlOpsPortal.Monitoring.Monitors;

namespace MlOpsPortal.Monitoring.Tests.Measuring;

public sealed class WindowPlanTests
{
    private static readonly DateTimeOffset Monday = new(2025, 1, 6, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Weeks_begin_on_mondays_and_are_measured_once_they_have_ended()
    {
        var windows = WindowPlan.ByTime(MonitorWindow.Weekly, Monday.AddDays(2), Monday.AddDays(30), Monday.AddDays(17)).ToList();
        windows.Select(window => window.From).ShouldBe([Monday, Monday.AddDays(7)]);
        windows.ShouldAllBe(window => window.To - window.From == TimeSpan.FromDays(7));
    }

    [Fact]
    public void Windows_by_count_are_full_and_keep_predictions_of_the_same_moment_together()
    {
        DateTimeOffset[] times = [.. new[] { 0, 1, 2, 2, 2, 3, 4, 5 }.Select(minute => Monday.AddMinutes(minute))];
        var windows = WindowPlan.ByCount(3, times).ToList();
        windows.Count.ShouldBe(2);
        times.Count(time => time >= windows[0].From && time < windows[0].To).ShouldBe(5);
        windows[1].From.ShouldBe(Monday.AddMinutes(3));
        WindowPlan.ByCount(9, times).ShouldBeEmpty();
    }

    [Fact]
    public void Silence_of_a_live_log_is_measured_and_a_replayed_history_ends_with_its_last_prediction()
    {
        var (week, now) = (TimeSpan.FromDays(7), Monday.AddDays(100));
        WindowPlan.Until((Monday, Monday.AddSeconds(1)), week, now).ShouldBe(now);
        WindowPlan.Until((Monday, now), week, now).ShouldBe(Monday.AddMicroseconds(1));
    }

    [Fact]
    public void A_long_silence_is_told_twice()
    {
        var windows = WindowPlan.ByTime(MonitorWindow.Weekly, Monday, Monday.AddDays(70), Monday.AddDays(70)).ToList();
        var kept = WindowPlan.WithoutSilence(windows, new HashSet<DateOnly> { new(2025, 1, 7), new(2025, 3, 4) }, silent: 0).ToList();
        kept.Select(window => windows.IndexOf(window)).ShouldBe([0, 1, 2, 8, 9]);
        WindowPlan.WithoutSilence(windows, new HashSet<DateOnly>(), silent: 2).ShouldBeEmpty();
    }

    [Fact]
    public void Windows_side_by_side_are_read_as_one_stretch()
    {
        Window[] windows = [new(Monday, Monday.AddDays(1)), new(Monday.AddDays(1), Monday.AddDays(2)), new(Monday.AddDays(4), Monday.AddDays(5))];
        WindowPlan.Stretches(windows).Select(stretch => stretch.Count).ShouldBe([2, 1]);
        windows[0].Touches(new HashSet<DateOnly> { new(2025, 1, 6) }).ShouldBeTrue();
        windows[0].Touches(new HashSet<DateOnly> { new(2025, 1, 7) }).ShouldBeFalse();
    }

    [Fact]
    public void An_outcome_goes_to_the_latest_prediction_that_is_not_after_it_and_the_last_event_wins()
    {
        (DateTimeOffset, double)[] events = [(Monday.AddDays(1), 0), (Monday.AddDays(2), 1), (Monday.AddDays(9), 0)];
        LogReader.Outcome(events, Monday, null).ShouldBe(0);
        LogReader.Outcome(events, Monday, [Monday, Monday.AddDays(5)]).ShouldBe(1);
        LogReader.Outcome(events, Monday.AddDays(5), [Monday, Monday.AddDays(5)]).ShouldBe(0);
        LogReader.Outcome(events, Monday.AddDays(10), null).ShouldBeNull();
    }
}
