using System.Globalization;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Kpis.Values;
using MlOpsPortal.Projects.Objectives;
using MlOpsPortal.Projects.Objectives.CheckIns;
using MlOpsPortal.Projects.Objectives.Progress;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Components.Pages.Projects;

/// <summary>Objectives, key results and KPIs in words.</summary>
internal static class BusinessWords
{
    public static string Number(decimal? value) => value?.ToString("0.######", CultureInfo.CurrentCulture) ?? Numbers.None;

    /// <summary>A grade or progress, two decimals.</summary>
    public static string Grade(decimal? value) => value?.ToString("0.00", CultureInfo.CurrentCulture) ?? Numbers.None;

    public static string Day(DateOnly date) => date.ToString("d MMM yyyy", CultureInfo.CurrentCulture);

    public static Tone ToneOf(GradeColour colour) => colour switch
    {
        GradeColour.Red => Tone.Bad,
        GradeColour.Amber => Tone.Warn,
        GradeColour.Green => Tone.Ok,
        _ => throw new ArgumentOutOfRangeException(nameof(colour), colour, "No such colour."),
    };

    /// <summary>What the key result goes from and to.</summary>
    public static string Span(KeyResult result) => result.Type switch
    {
        KeyResultType.Change => $"{Number(result.Start)} → {Number(result.Target)} {result.Unit}",
        KeyResultType.Maintain when result.Lower is null => $"maintain at most {Number(result.Upper)} {result.Unit}",
        KeyResultType.Maintain when result.Upper is null => $"maintain at least {Number(result.Lower)} {result.Unit}",
        KeyResultType.Maintain => $"maintain {Number(result.Lower)} to {Number(result.Upper)} {result.Unit}",
        KeyResultType.Milestone => result.Total <= 1 ? "done or not done" : $"milestone, {Number(result.Total)} {result.Unit}",
        KeyResultType.Zones => $"{Number(result.Start)} → stretch {Number(result.Stretch)} {result.Unit}",
        KeyResultType.Ordinal => "by zone",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result.Type, "No such type."),
    };

    /// <summary>What was checked in last.</summary>
    public static string Now(KeyResult result, CheckIn? last) => last switch
    {
        null => Numbers.None,
        { Zone: { } zone } => Word(zone),
        _ when result.Type == KeyResultType.Milestone => $"{Number(last.Value)} of {Number(result.Total)}",
        _ => Number(last.Value),
    };

    public static string Word(Zone zone) => zone switch
    {
        Zone.Fail => "fail",
        Zone.Commit => "commit",
        Zone.Target => "target",
        Zone.Stretch => "stretch",
        _ => throw new ArgumentOutOfRangeException(nameof(zone), zone, "No such zone."),
    };

    public static (Tone Tone, string Word) StateOf(KeyResultStanding standing, bool ended) => standing switch
    {
        { KeyResult.Archived: true } => (Tone.Neutral, "archived"),
        { Progress: >= 1, KeyResult.Type: not KeyResultType.Maintain } => (Tone.Ok, "reached"),
        _ when ended => (Tone.Neutral, "ended"),
        { Risks.IsEmpty: false } => (Tone.Bad, "at risk"),
        { Pace.OnPace: true } => (Tone.Ok, "on pace"),
        _ => (Tone.Warn, "behind pace"),
    };

    public static (Tone Tone, string Word) StateOf(KpiState state) => state switch
    {
        KpiState.Unknown => (Tone.Neutral, "no value yet"),
        KpiState.Alert => (Tone.Bad, "alert"),
        KpiState.Watch => (Tone.Warn, "watch"),
        KpiState.Steady => (Tone.Info, "steady"),
        KpiState.OnTarget => (Tone.Ok, "on target"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };

    public static string Sign(Kpi kpi) => kpi.Direction == KpiDirection.Increase ? "≥" : "≤";
}
