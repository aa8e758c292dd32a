using System.Globalization;
using MlOpsPortal.Monitoring.KpiTracking;

namespace MlOpsPortal.Monitoring.Tests.KpiTracking;

public sealed class PeriodsTests
{
    private static readonly DateOnly Monday = new(2025, 1, 6);

    [Theory]
    [InlineData(PeriodGrain.Day, "2025-01-19", "2025-01-19", "2025-01-20")]
    [InlineData(PeriodGrain.Week, "2025-01-19", "2025-01-13", "2025-01-20")]
    [InlineData(PeriodGrain.TwoWeeks, "2025-01-19", "2025-01-06", "2025-01-20")]
    [InlineData(PeriodGrain.TwoWeeks, "2025-01-20", "2025-01-20", "2025-02-03")]
    public void Periods_are_counted_from_the_first_day(PeriodGrain grain, string day, string start, string end) =>
        Periods.Of(Spec(grain), Day(day)).ShouldBe(new Period(Day(start), Day(end)));

    [Theory]
    [InlineData("2025-02-28", "2025-02-01", "2025-03-01")]
    [InlineData("2026-01-31", "2026-01-01", "2026-02-01")]
    public void Months_are_those_of_the_calendar(string day, string start, string end) =>
        Periods.Of(Spec(PeriodGrain.Month) with { First = new DateOnly(2025, 1, 1) }, Day(day)).ShouldBe(new Period(Day(start), Day(end)));

    [Fact]
    public void Before_the_first_day_there_is_none() => Periods.Of(Spec(PeriodGrain.Week), Monday.AddDays(-1)).ShouldBeNull();

    [Fact]
    public void A_span_holds_whole_periods_only() =>
        Periods.Within(Spec(PeriodGrain.Week), Monday.AddDays(1), Monday.AddDays(26)).Select(period => period.Start).ShouldBe([Monday.AddDays(7), Monday.AddDays(14)]);

    [Theory]
    [InlineData("2025-01-26T23:59:59Z", 0)]
    [InlineData("2025-01-27T00:00:00Z", 1)]
    [InlineData("2025-02-03T00:00:00Z", 2)]
    public void A_period_is_settled_when_its_last_outcome_is_known(string now, int settled) =>
        Periods.Settled(Spec(PeriodGrain.Week) with { SettleDays = 14 }, DateTimeOffset.Parse(now, CultureInfo.InvariantCulture)).Count().ShouldBe(settled);

    [Fact]
    public void Due_is_what_is_settled_and_has_no_value_and_what_had_none_lately()
    {
        var now = new DateTimeOffset(Monday.AddDays(28), TimeOnly.MinValue, TimeSpan.Zero);
        var known = new Dictionary<DateOnly, PeriodOutcome>
        {
            [Monday] = new(Monday, Monday.AddDays(7), 1, 2, 0.5m, null),
            [Monday.AddDays(7)] = new(Monday.AddDays(7), Monday.AddDays(14), 1, 0, null, new Platform.Errors.FieldFault("denominator", "monitoring.kpi_denominator_zero")),
        };

        DuePeriods.Of(Spec(PeriodGrain.Week), known, now).Select(period => period.Start).ShouldBe([Monday.AddDays(7), Monday.AddDays(14), Monday.AddDays(21)]);
        DuePeriods.Of(Spec(PeriodGrain.Week), known, now.AddDays(90)).Select(period => period.Start).ShouldNotContain(Monday.AddDays(7));
    }

    [Fact]
    public void A_definition_that_computes_the_same_is_the_same()
    {
        var input = new MeasurementInput("messages", new Datasets.DatasetId(Guid.NewGuid()));

        (Spec(PeriodGrain.Week) with { Inputs = [input] }).Same(Spec(PeriodGrain.Week) with { Inputs = [input with { }] }).ShouldBeTrue();
        (Spec(PeriodGrain.Week) with { Inputs = [input] }).Same(Spec(PeriodGrain.Week) with { Inputs = [input with { Version = 2 }] }).ShouldBeFalse();
    }

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);

    private static MeasurementSpec Spec(PeriodGrain grain) => new("SELECT 1", null, [], grain, Monday);
}
