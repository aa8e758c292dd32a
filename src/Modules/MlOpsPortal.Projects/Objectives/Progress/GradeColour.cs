namespace MlOpsPortal.Projects.Objectives.Progress;

/// <summary>The colour of a grade, always beside its number and word.</summary>
public enum GradeColour
{
    Red,
    Amber,
    Green,
}

/// <summary>Grade to colour. Bands are half open and decided on the unrounded number.</summary>
public static class GradeColours
{
    private const decimal AmberFrom = 0.4m;
    private const decimal GreenFrom = 0.7m;

    /// <param name="progress">Raw or shown; both give the same.</param>
    /// <param name="onPace">Of a committed one: is it where it should be by now?</param>
    public static GradeColour Of(decimal progress, ObjectiveType type, bool onPace) => type switch
    {
        // Committed is expected at 1.0: less is a miss as soon as the pace is lost.
        ObjectiveType.Committed => progress >= 1 ? GradeColour.Green : onPace ? GradeColour.Amber : GradeColour.Red,
        ObjectiveType.Aspirational => progress < AmberFrom ? GradeColour.Red : progress < GreenFrom ? GradeColour.Amber : GradeColour.Green,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No such type."),
    };
}
