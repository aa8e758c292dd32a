using System.Text.RegularExpressions;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Tracking;

/// <summary>What names and values may be, as MLflow's own server has it.</summary>
internal static partial class TrackingText
{
    public const int MaxKey = 250;
    public const int MaxParam = 6_000;
    public const int MaxTag = 8_000;
    public const int MaxExperimentName = 500;
    public const int MaxExperimentTag = 20_000;

    /// <param name="field">As the refusal calls it.</param>
    /// <returns>Null for a name that a metric, parameter or tag may have.</returns>
    public static Validation? CheckKey(string field, string name)
    {
        if (!Characters().IsMatch(name))
            return TrackingErrors.Name(field, name);
        if (name.Length == 0 || !IsNormalPath(name))
            return TrackingErrors.Path(field, name);
        return name.Length > MaxKey ? TrackingErrors.TooLong(field, MaxKey) : null;
    }

    /// <summary>The first characters: long values are cut, not refused. Never through a surrogate pair.</summary>
    public static string Cut(string value, int most) => value.Length <= most ? value : value[..(char.IsHighSurrogate(value[most - 1]) ? most - 1 : most)];

    public static Validation? CheckLength(string field, string? value, int most) => value?.Length > most ? TrackingErrors.TooLong(field, most) : null;

    /// <summary>Equal to what a file system would make of it, and within its folder.</summary>
    private static bool IsNormalPath(string name)
    {
        if (name[0] == '/' || name[^1] == '/')
            return false;
        foreach (var range in name.AsSpan().Split('/'))
            if (name.AsSpan()[range] is "" or "." or "..")
                return false;
        return true;
    }

    [GeneratedRegex(@"\A[/\w.\- :]*\z", RegexOptions.None, 1000)]
    private static partial Regex Characters();
}
