using System.Collections.Immutable;

namespace MlOpsPortal.Monitoring.KpiTracking;

/// <summary>Which periods a run is about.</summary>
internal static class DuePeriods
{
    /// <summary>More are not measured at once.</summary>
    public const int Most = 400;

    /// <summary>A period that could not be computed is tried again for so long: data may come late.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(60);

    /// <summary>Those that are settled and without a value under this definition, the newest <see cref="Most"/>.</summary>
    public static ImmutableArray<Period> Of(MeasurementSpec spec, IReadOnlyDictionary<DateOnly, PeriodOutcome> known, DateTimeOffset now) =>
        [.. Periods.Settled(spec, now).Where(period => !known.TryGetValue(period.Start, out var outcome) || (outcome.Why is not null && now - period.To < Patience)).TakeLast(Most)];
}
