namespace MlOpsPortal.Web.Components.Kit;

/// <summary>What a state means to its reader. Each tone has a colour and, unless told otherwise, an icon.</summary>
public enum Tone
{
    Neutral,
    Ok,
    Warn,
    Bad,
    Info,
}

internal static class Tones
{
    public static string Css(this Tone tone) => tone switch
    {
        Tone.Neutral => "neutral",
        Tone.Ok => "ok",
        Tone.Warn => "warn",
        Tone.Bad => "bad",
        Tone.Info => "info",
        _ => throw new ArgumentOutOfRangeException(nameof(tone), tone, "No such tone."),
    };

    public static string? Icon(this Tone tone) => tone switch
    {
        Tone.Neutral => null,
        Tone.Ok => "check",
        Tone.Warn => "warn",
        Tone.Bad => "cross",
        Tone.Info => "info",
        _ => throw new ArgumentOutOfRangeException(nameof(tone), tone, "No such tone."),
    };
}
