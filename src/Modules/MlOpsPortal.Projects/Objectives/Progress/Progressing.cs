using System.Collections.Immutable;
using MlOpsPortal.Projects.Objectives.CheckIns;

namespace MlOpsPortal.Projects.Objectives.Progress;

/// <summary>Progress of a key result from what was checked in, never from what somebody claims. Raw: below 0 is a step back, above 1 beyond target.</summary>
public static class Progressing
{
    private const decimal CommitMark = 0.3m;
    private const decimal TargetMark = 0.7m;

    /// <param name="checkIns">By date.</param>
    /// <returns>Null before the first check-in that counts.</returns>
    public static decimal? Of(KeyResult result, ImmutableArray<CheckIn> checkIns, DateOnly today) => (result.Type, checkIns) switch
    {
        (_, []) => null,
        (KeyResultType.Maintain, _) => ShareInBand(result, checkIns, today),
        (KeyResultType.Ordinal, [.., { Zone: { } zone }]) => OfZone(zone),
        (KeyResultType.Change, [.., { Value: { } value }]) when result is { Start: { } start, Target: { } target } && start != target => (value - start) / (target - start),
        (KeyResultType.Milestone, [.., { Value: { } value }]) => value / result.Total,
        (KeyResultType.Zones, [.., { Value: { } value }]) when result is { Start: { } baseline, Stretch: { } stretch } => AlongMarks(Marks(result, baseline, stretch), value),
        // The type was changed after the last check-in: what was said then says nothing now.
        _ => null,
    };

    /// <summary>0 to 1, as it is shown and averaged; what lies beyond is a badge.</summary>
    public static decimal Shown(decimal raw) => Math.Clamp(raw, 0, 1);

    /// <summary>Is the value inside the band that a key result maintains?</summary>
    public static bool InBand(KeyResult result, decimal value) => !(value < result.Lower) && !(value > result.Upper);

    /// <summary>The zone that a progress lies in; the lower border belongs to the higher zone.</summary>
    public static Zone ZoneOf(decimal progress) => progress switch
    {
        < CommitMark => Zone.Fail,
        < TargetMark => Zone.Commit,
        < 1 => Zone.Target,
        _ => Zone.Stretch,
    };

    /// <summary>Σ(weight · progress) / Σ weight over the parts that count; each between 0 and 1, so that one beyond its target hides no other.</summary>
    /// <returns>Null when no part has weight.</returns>
    public static decimal? RollUp(IEnumerable<(decimal Weight, decimal Raw)> parts)
    {
        var (sum, weights) = (0m, 0m);
        foreach (var (weight, raw) in parts)
            (sum, weights) = (sum + (weight * Shown(raw)), weights + weight);
        return weights > 0 ? sum / weights : null;
    }

    private static decimal OfZone(Zone zone) => zone switch
    {
        Zone.Fail => 0,
        Zone.Commit => CommitMark,
        Zone.Target => TargetMark,
        Zone.Stretch => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(zone), zone, "No such zone."),
    };

    /// <summary>Share of the window's check-ins inside the band; without a window all of them.</summary>
    private static decimal? ShareInBand(KeyResult result, ImmutableArray<CheckIn> checkIns, DateOnly today)
    {
        var counted = checkIns.Where(checkIn => checkIn.Value is not null && (result.Window is not { } days || checkIn.Date > today.AddDays(-days))).ToList();
        return counted.Count == 0 ? null : counted.Count(checkIn => InBand(result, checkIn.Value!.Value)) / (decimal)counted.Count; // filtered just above
    }

    /// <summary>Value and worth of each mark that is given, from baseline to stretch.</summary>
    private static List<(decimal Value, decimal Worth)> Marks(KeyResult result, decimal baseline, decimal stretch)
    {
        var marks = new List<(decimal, decimal)> { (baseline, 0) };
        if (result.Commit is { } commit)
            marks.Add((commit, CommitMark));
        if (result.Target is { } target)
            marks.Add((target, TargetMark));
        marks.Add((stretch, 1));
        return marks;
    }

    /// <summary>Linear between neighbouring marks; before the first and after the last the outer line goes on.</summary>
    private static decimal AlongMarks(List<(decimal Value, decimal Worth)> marks, decimal value)
    {
        var direction = Math.Sign(marks[^1].Value - marks[0].Value);
        var at = 1;
        while (at < marks.Count - 1 && Math.Sign(value - marks[at].Value) == direction)
            at++;
        var (low, high) = (marks[at - 1], marks[at]);
        return low.Worth + ((high.Worth - low.Worth) * (value - low.Value) / (high.Value - low.Value));
    }
}
