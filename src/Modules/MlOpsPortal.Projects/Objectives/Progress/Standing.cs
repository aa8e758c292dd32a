using System.Collections.Immutable;
using MlOpsPortal.Projects.Objectives.CheckIns;

namespace MlOpsPortal.Projects.Objectives.Progress;

/// <summary>How a key result stands today: everything follows from its check-ins.</summary>
/// <param name="Progress">Raw; null before the first check-in.</param>
/// <param name="Risks">The rules that fired; empty when it is not at risk.</param>
/// <param name="DueSince">Since when a check-in is due; null while none is.</param>
public sealed record KeyResultStanding(
    KeyResult KeyResult, ImmutableArray<CheckIn> CheckIns, decimal? Progress, GradeColour Colour, Pace Pace, ImmutableArray<RiskReason> Risks, DateOnly? DueSince)
{
    public CheckIn? Latest => CheckIns.IsEmpty ? null : CheckIns[^1];

    /// <summary>0 to 1; null before the first check-in.</summary>
    public decimal? Shown => Progress is { } raw ? Progressing.Shown(raw) : null;

    public bool BeyondTarget => Progress > 1;

    public static KeyResultStanding Of(KeyResult result, Objective objective, ImmutableArray<CheckIn> checkIns, DateOnly today)
    {
        var progress = Progressing.Of(result, checkIns, today);
        var last = checkIns.IsEmpty ? null : checkIns[^1];
        var pace = Pace.Of(result, objective, progress, last?.Value, today);
        var open = !result.Archived && today >= objective.Start && today <= objective.End && !(progress >= 1 && result.Type != KeyResultType.Maintain);
        return new(
            result, checkIns, progress, GradeColours.Of(progress ?? 0, objective.Type, pace.OnPace), pace, RiskRules.Of(result, objective, last, progress, pace, today),
            open ? RiskRules.OverdueSince(result.Cadence, last?.Date, objective.Start, today) : null);
    }
}

/// <summary>How an objective stands: the weighted mean of its key results that are not archived.</summary>
/// <param name="Progress">0 to 1; null when no key result has weight.</param>
/// <param name="Ended">The period is over: the same number is called grade then, and progress before.</param>
public sealed record ObjectiveStanding(Objective Objective, ImmutableArray<KeyResultStanding> KeyResults, decimal? Progress, GradeColour Colour, bool OnPace, bool Ended)
{
    public static ObjectiveStanding Of(Objective objective, ILookup<Guid, CheckIn> checkIns, DateOnly today)
    {
        ImmutableArray<KeyResultStanding> results = [.. objective.KeyResults.Select(result => KeyResultStanding.Of(result, objective, [.. checkIns[result.Id.Value]], today))];
        var counted = results.Where(result => !result.KeyResult.Archived).ToList();
        var progress = Progressing.RollUp(counted.Select(result => (result.KeyResult.Weight, result.Progress ?? 0)));
        var needed = Pace.ElapsedOf(objective.Start, objective.End, today) * Pace.Expected(objective.Type);
        // What has no pace of its own is judged by its parts.
        var onPace = counted.Exists(result => result.Pace.Needed is not null) ? (progress ?? 0) >= needed : counted.TrueForAll(result => result.Pace.OnPace);
        return new(objective, results, progress, GradeColours.Of(progress ?? 0, objective.Type, onPace), onPace, today > objective.End);
    }

    /// <summary>A period's progress: the same mean over its objectives.</summary>
    public static decimal? Period(IEnumerable<ObjectiveStanding> objectives) =>
        Progressing.RollUp(objectives.Where(one => one.Progress is not null).Select(one => (1m, one.Progress!.Value))); // filtered just before
}
