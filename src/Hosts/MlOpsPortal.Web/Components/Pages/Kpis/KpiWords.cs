using System.Globalization;
using MlOpsPortal.Monitoring.KpiTracking;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Kpis.Values;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Components.Pages.Kpis;

/// <summary>How KPIs are spoken of.</summary>
internal static class KpiWords
{
    /// <summary>A value in the KPI's own unit; up to four decimals, all that a share needs.</summary>
    public static string Number(decimal? value) => value is { } number ? decimal.Round(number, 4).ToString("#,0.####", CultureInfo.CurrentCulture) : Numbers.None;

    public static (Tone Tone, string Text) Of(ValueSource source) => source switch
    {
        ValueSource.Measured => (Tone.Ok, "measured"),
        ValueSource.Declared => (Tone.Neutral, "declared"),
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "No such source."),
    };

    public static (Tone Tone, string Text) Of(KpiRunState state) => state switch
    {
        KpiRunState.UnderWay => (Tone.Info, "under way"),
        KpiRunState.Done => (Tone.Ok, "done"),
        KpiRunState.Failed => (Tone.Bad, "failed"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };

    public static string Of(KpiRunTrigger trigger) => trigger switch
    {
        KpiRunTrigger.Schedule => "schedule",
        KpiRunTrigger.RunNow => "run now",
        KpiRunTrigger.Backfill => "past periods",
        _ => throw new ArgumentOutOfRangeException(nameof(trigger), trigger, "No such trigger."),
    };

    public static string Of(PeriodGrain grain) => grain switch
    {
        PeriodGrain.Day => "day",
        PeriodGrain.Week => "week",
        PeriodGrain.TwoWeeks => "two weeks",
        PeriodGrain.Month => "month",
        _ => throw new ArgumentOutOfRangeException(nameof(grain), grain, "No such grain."),
    };

    /// <summary>Where a value stands against target and thresholds.</summary>
    public static (Tone Tone, string Text) Against(Kpi kpi, decimal value)
    {
        var sign = kpi.Direction == KpiDirection.Increase ? 1 : -1;
        return (value * sign >= kpi.Target * sign, value * sign >= kpi.Amber * sign, value * sign >= kpi.Red * sign) switch
        {
            (true, _, _) => (Tone.Ok, "on target"),
            (_, true, _) => (Tone.Info, "under target"),
            (_, _, true) => (Tone.Warn, "watch"),
            _ => (Tone.Bad, "alert"),
        };
    }

    public static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.CurrentCulture);

    /// <summary>What a run read, in a line.</summary>
    public static string Of(UsedInput input) => input switch
    {
        { Version: { } version } => $"{input.Name}: version {version.ToString(CultureInfo.CurrentCulture)}, {Numbers.Count(input.Rows)} rows",
        _ => $"{input.Name}: {Numbers.Count(input.Rows)} predictions, {Numbers.Count(input.WithActual)} with an outcome",
    };
}
