namespace MlOpsPortal.Monitoring.KpiTracking;

public enum PeriodGrain
{
    Day,
    Week,
    TwoWeeks,
    Month,
}

/// <summary>A span of whole UTC days.</summary>
/// <param name="End">The day after its last one.</param>
public sealed record Period(DateOnly Start, DateOnly End)
{
    public DateTimeOffset From => new(Start, TimeOnly.MinValue, TimeSpan.Zero);

    public DateTimeOffset To => new(End, TimeOnly.MinValue, TimeSpan.Zero);
}

/// <summary>The periods of a definition, counted from its first one.</summary>
public static class Periods
{
    public static Period At(MeasurementSpec spec, int index) => new(Start(spec, index), Start(spec, index + 1));

    /// <summary>The period that a day lies in; null before the first one.</summary>
    public static Period? Of(MeasurementSpec spec, DateOnly day)
    {
        if (day < spec.First)
            return null;
        var index = spec.Grain == PeriodGrain.Month
            ? ((day.Year - spec.First.Year) * 12) + day.Month - spec.First.Month
            : (day.DayNumber - spec.First.DayNumber) / Days(spec.Grain);
        return At(spec, index);
    }

    /// <summary>Those that lie in a span as a whole.</summary>
    /// <param name="to">The last day.</param>
    public static IEnumerable<Period> Within(MeasurementSpec spec, DateOnly from, DateOnly to)
    {
        for (var period = Of(spec, from < spec.First ? spec.First : from); period is not null && period.End <= to.AddDays(1); period = Of(spec, period.End))
            if (period.Start >= from)
                yield return period;
    }

    /// <summary>Those whose outcomes are known, oldest first.</summary>
    public static IEnumerable<Period> Settled(MeasurementSpec spec, DateTimeOffset now) => Within(spec, spec.First, Today(now).AddDays(-spec.SettleDays - 1));

    /// <summary>Is everything that belongs into the period known by now?</summary>
    public static bool IsSettled(MeasurementSpec spec, Period period, DateTimeOffset now) => period.End.AddDays(spec.SettleDays) <= Today(now);

    /// <summary>When the period after this one is settled, and a value of it could be there.</summary>
    public static DateOnly NextDue(MeasurementSpec spec, DateOnly end) => (Of(spec, end)?.End ?? spec.First).AddDays(spec.SettleDays);

    private static DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime);

    private static DateOnly Start(MeasurementSpec spec, int index) =>
        spec.Grain == PeriodGrain.Month ? spec.First.AddMonths(index) : spec.First.AddDays(index * Days(spec.Grain));

    private static int Days(PeriodGrain grain) => grain switch
    {
        PeriodGrain.Day => 1,
        PeriodGrain.Week => 7,
        PeriodGrain.TwoWeeks => 14,
        PeriodGrain.Month => throw new ArgumentOutOfRangeException(nameof(grain), grain, "Months differ in length."),
        _ => throw new ArgumentOutOfRangeException(nameof(grain), grain, "No such grain."),
    };
}
