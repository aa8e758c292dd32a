namespace MlOpsPortal.Projects.Objectives.Progress;

/// <summary>Where progress stands against the time that has passed.</summary>
/// <param name="Elapsed">Share of the period that is over, 0 to 1.</param>
/// <param name="Needed">The progress that the time asks for; null where time asks for none: something to maintain, or done or not done.</param>
public sealed record Pace(decimal Elapsed, decimal? Needed, bool OnPace)
{
    /// <summary>What is expected at the end: 1.0 of what was committed to, 0.7 of an aspiration.</summary>
    public static decimal Expected(ObjectiveType type) => type == ObjectiveType.Committed ? 1 : 0.7m;

    /// <summary>Share of the days from start to end that have passed.</summary>
    public static decimal ElapsedOf(DateOnly start, DateOnly end, DateOnly today) =>
        end <= start ? (today < start ? 0 : 1) : Math.Clamp((today.DayNumber - start.DayNumber) / (decimal)(end.DayNumber - start.DayNumber), 0, 1);

    /// <param name="progress">Raw; null before the first check-in counts as 0.</param>
    /// <param name="lastValue">What was checked in last.</param>
    public static Pace Of(KeyResult result, Objective objective, decimal? progress, decimal? lastValue, DateOnly today)
    {
        var elapsed = ElapsedOf(objective.Start, objective.End, today);
        var expected = Expected(objective.Type);
        if (result.Type == KeyResultType.Maintain)
            return new Pace(elapsed, null, lastValue is not { } value || Progressing.InBand(result, value));
        if (result.Type == KeyResultType.Milestone && result.Total <= 1)
            return new Pace(elapsed, null, progress >= 1 || elapsed < 1);
        return new Pace(elapsed, elapsed * expected, (progress ?? 0) >= elapsed * expected);
    }
}
