using System.Collections.Immutable;
using MlOpsPortal.Monitoring.KpiTracking.Marks;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Kpis.Values;

namespace MlOpsPortal.Monitoring.KpiTracking;

/// <summary>A KPI over time with everything that explains it.</summary>
/// <param name="Points">By date, declared and measured.</param>
/// <param name="NotComputable">Periods that the definition which counts gave no value for, with the reason.</param>
/// <param name="Marks">Releases and incidents since the first point.</param>
public sealed record KpiTrack(ProjectId Project, Kpi Kpi, ImmutableArray<KpiPoint> Points, ImmutableArray<PeriodWithout> NotComputable, ImmutableArray<KpiMark> Marks, KpiFreshness Freshness);

/// <summary>A value with where it comes from.</summary>
/// <param name="PeriodStart">Of a measured value: its period's first day; <see cref="KpiValue.Date"/> is the last.</param>
/// <param name="Definition">Of a measured value: number of the definition that gave it.</param>
/// <param name="Section">Counts stretches that may be compared: a new formula or definition begins another, and the chart breaks.</param>
public sealed record KpiPoint(KpiValue Value, DateOnly? PeriodStart, int? Definition, int Section);

/// <param name="Why">As a sentence.</param>
public sealed record PeriodWithout(DateOnly Start, DateOnly End, string Why);

/// <summary>Is the newest value as new as it should be?</summary>
/// <param name="Latest">Its date; null without any.</param>
/// <param name="DueOn">When the next one should be there.</param>
public sealed record KpiFreshness(DateOnly? Latest, DateOnly? DueOn, bool Stale)
{
    /// <summary>A value is stale when the next one is overdue: a cadence has gone by since its date, and the days that outcomes take to settle.</summary>
    public static KpiFreshness Of(Kpi kpi, DateOnly? latest, int settleDays, DateOnly today)
    {
        if (latest is not { } date)
            return new KpiFreshness(null, null, false);
        var due = Next(date, kpi.Cadence).AddDays(settleDays);
        return new KpiFreshness(date, due, today > due);
    }

    private static DateOnly Next(DateOnly date, Cadence cadence) => cadence switch
    {
        Cadence.Daily => date.AddDays(1),
        Cadence.Weekly => date.AddDays(7),
        Cadence.Monthly => date.AddMonths(1),
        Cadence.Quarterly => date.AddMonths(3),
        Cadence.Annual => date.AddYears(1),
        _ => throw new ArgumentOutOfRangeException(nameof(cadence), cadence, "No such cadence."),
    };
}
