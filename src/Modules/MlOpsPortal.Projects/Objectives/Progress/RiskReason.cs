using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Objectives.CheckIns;

namespace MlOpsPortal.Projects.Objectives.Progress;

/// <summary>Rules that put a key result at risk.</summary>
public enum RiskRule
{
    LowProgress,
    OutOfBand,
    StaleCheckIn,
    LowConfidence,
    EndNear,
}

/// <summary>A rule that fired, with the facts of its sentence.</summary>
public sealed record RiskReason(RiskRule Rule, params ImmutableArray<string> Args)
{
    /// <summary>Names the sentence.</summary>
    [JsonIgnore]
    public string Code => Rule switch
    {
        RiskRule.LowProgress => "risk.low_progress",
        RiskRule.OutOfBand => "risk.out_of_band",
        RiskRule.StaleCheckIn => "risk.stale_check_in",
        RiskRule.LowConfidence => "risk.low_confidence",
        RiskRule.EndNear => "risk.end_near",
        _ => throw new InvalidOperationException($"No such rule: {Rule}."),
    };
}

/// <summary>When a key result is at risk, and why.</summary>
public static class RiskRules
{
    /// <summary>Less than this share of the progress that the time asks for is low.</summary>
    private const decimal LowShare = 0.5m;

    /// <summary>Before this share of the period has passed, low progress says nothing.</summary>
    private const decimal SpeaksFrom = 0.1m;

    /// <summary>Of 10; this or less is low.</summary>
    private const int LowConfidence = 3;

    /// <summary>Days before the end from which what is missing is a risk of its own.</summary>
    private const int EndNearDays = 14;

    /// <returns>Empty outside the period, and for a key result that is reached or archived.</returns>
    public static ImmutableArray<RiskReason> Of(KeyResult result, Objective objective, CheckIn? last, decimal? progress, Pace pace, DateOnly today)
    {
        if (result.Archived || today < objective.Start || today > objective.End)
            return [];
        var reasons = ImmutableArray.CreateBuilder<RiskReason>();
        var maintained = result.Type == KeyResultType.Maintain;
        if (maintained && last is { Value: { } value } && !Progressing.InBand(result, value))
            reasons.Add(new(RiskRule.OutOfBand, Number(value)));
        if (pace is { Needed: { } needed, Elapsed: >= SpeaksFrom } && (progress ?? 0) < LowShare * needed)
            reasons.Add(new(RiskRule.LowProgress, Grade(progress ?? 0), Grade(needed)));
        if (!(progress >= 1 && !maintained) && OverdueSince(result.Cadence, last?.Date, objective.Start, today) is { } since)
            reasons.Add(last is null ? new(RiskRule.StaleCheckIn, "", Day(since)) : new(RiskRule.StaleCheckIn, Day(last.Date), Day(since)));
        if (last is { Confidence: <= LowConfidence } && !(progress >= 1))
            reasons.Add(new(RiskRule.LowConfidence, last.Confidence.ToString(CultureInfo.InvariantCulture)));
        var left = objective.End.DayNumber - today.DayNumber;
        if (!maintained && left <= EndNearDays && (progress ?? 0) < Pace.Expected(objective.Type))
            reasons.Add(new(RiskRule.EndNear, left.ToString(CultureInfo.InvariantCulture), Grade(progress ?? 0)));
        return reasons.ToImmutable();
    }

    /// <summary>The day from which something was to be said again: stale when today − last is more than the cadence.</summary>
    /// <param name="last">Null when nothing was said yet: then the first is due a cadence after <paramref name="start"/>.</param>
    /// <returns>Null while it is fresh.</returns>
    public static DateOnly? OverdueSince(Cadence cadence, DateOnly? last, DateOnly start, DateOnly today)
    {
        if (DaysOf(cadence) is not { } days)
            return null;
        var due = (last ?? start).AddDays(days);
        return today > due ? due : null;
    }

    private static int? DaysOf(Cadence cadence) => cadence switch
    {
        Cadence.Daily => 1,
        Cadence.Weekly => 7,
        Cadence.Monthly => 31,
        Cadence.Quarterly => 92,
        Cadence.Annual => 366,
        Cadence.Irregular => null,
        _ => throw new ArgumentOutOfRangeException(nameof(cadence), cadence, "No such cadence."),
    };

    private static string Grade(decimal grade) => Progressing.Shown(grade).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Number(decimal value) => value.ToString("0.##########", CultureInfo.InvariantCulture);

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
