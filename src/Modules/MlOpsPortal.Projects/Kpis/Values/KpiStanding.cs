using MlOpsPortal.Projects.Objectives.Progress;

namespace MlOpsPortal.Projects.Kpis.Values;

/// <summary>A KPI's value against its target and thresholds.</summary>
public enum KpiState
{
    /// <summary>No value yet.</summary>
    Unknown,

    /// <summary>Worse than the red threshold.</summary>
    Alert,

    /// <summary>Worse than the amber threshold.</summary>
    Watch,

    /// <summary>Between amber and target.</summary>
    Steady,
    OnTarget,
}

/// <summary>How a KPI stands today.</summary>
/// <param name="DueSince">Since when a value is due; null while it is fresh, and for a KPI that the portal measures.</param>
public sealed record KpiStanding(Kpi Kpi, KpiValue? Latest, KpiState State, DateOnly? DueSince)
{
    public static KpiStanding Of(KpiSeries series, DateOnly today) => new(
        series.Kpi, series.Latest, StateOf(series.Kpi, series.Latest?.Value),
        series.Latest is { Source: ValueSource.Measured } ? null : RiskRules.OverdueSince(series.Kpi.Cadence, series.Latest?.Date, series.Kpi.BaselineDate, today));

    /// <summary>A value on a threshold is on its better side.</summary>
    public static KpiState StateOf(Kpi kpi, decimal? value)
    {
        if (value is not { } now)
            return KpiState.Unknown;
        var sign = kpi.Direction == KpiDirection.Increase ? 1 : -1;
        return (now * sign) switch
        {
            var better when better >= kpi.Target * sign => KpiState.OnTarget,
            var better when better < kpi.Red * sign => KpiState.Alert,
            var better when better < kpi.Amber * sign => KpiState.Watch,
            _ => KpiState.Steady,
        };
    }
}
