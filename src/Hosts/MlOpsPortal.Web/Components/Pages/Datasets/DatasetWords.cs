using System.Globalization;
using MlOpsPortal.Datasets;
using MlOpsPortal.Datasets.Profiling;
using MlOpsPortal.Datasets.Quality;
using MlOpsPortal.Datasets.Reading;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Components.Pages.Datasets;

/// <summary>How data is named on pages.</summary>
internal static class DatasetWords
{
    public static string Of(DatasetRole role) => role switch
    {
        DatasetRole.None => "no role",
        DatasetRole.Training => "training",
        DatasetRole.Validation => "validation",
        DatasetRole.Test => "test",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "A role without a word."),
    };

    public static (Tone Tone, string Word) Of(VersionState state) => state switch
    {
        VersionState.Reading => (Tone.Info, "being read"),
        VersionState.Ready => (Tone.Ok, "ready"),
        VersionState.Failed => (Tone.Bad, "could not be read"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "A state without a word."),
    };

    public static string Of(TextEncoding? encoding) => encoding switch
    {
        TextEncoding.Utf8 => "UTF-8",
        TextEncoding.Utf16 => "UTF-16",
        TextEncoding.Latin1 => "Latin-1",
        null => Numbers.None,
        _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "An encoding without a word."),
    };

    public static string Of(ColumnType type) => type.ToString().ToLowerInvariant();

    public static string Of(Expectation expectation) => expectation switch
    {
        NotNull { Mostly: 1 } => "never missing",
        NotNull rule => $"missing ≤ {Numbers.Percent(1 - rule.Mostly, 0)}",
        InRange { Min: { } min, Max: { } max } rule => $"{Numbers.Value(min)} ≤ x ≤ {Numbers.Value(max)}{Mostly(rule.Mostly)}",
        InRange { Min: { } min } rule => $"x ≥ {Numbers.Value(min)}{Mostly(rule.Mostly)}",
        InRange rule => $"x ≤ {Numbers.Value(rule.Max)}{Mostly(rule.Mostly)}",
        InSet { Values.Length: <= 3 } rule => $"one of {string.Join(", ", rule.Values)}{Mostly(rule.Mostly)}",
        InSet rule => $"in {Numbers.Count(rule.Values.Length)} values{Mostly(rule.Mostly)}",
        Unique => "unique",
        RowCountBetween { Min: { } min, Max: { } max } => $"{Numbers.Count(min)} to {Numbers.Count(max)} rows",
        RowCountBetween { Min: { } min } => $"at least {Numbers.Count(min)} rows",
        RowCountBetween rule => $"at most {Numbers.Count(rule.Max)} rows",
        _ => throw new ArgumentOutOfRangeException(nameof(expectation), expectation.GetType().Name, "An expectation without words."),
    };

    public static string About(Expectation expectation) => expectation switch
    {
        NotNull rule => rule.Column,
        InRange rule => rule.Column,
        InSet rule => rule.Column,
        Unique rule => string.Join(", ", rule.Columns),
        RowCountBetween => "all rows",
        _ => throw new ArgumentOutOfRangeException(nameof(expectation), expectation.GetType().Name, "An expectation about nothing."),
    };

    public static string Origin(DatasetVersion version) => version.Origin switch
    {
        { File: { } file } => file,
        { SplitOf: { } of, Split: { } plan } => string.Create(CultureInfo.InvariantCulture, $"split of v{of.Number}, {plan.Method.ToString().ToLowerInvariant()}{(plan.Column is null ? "" : " by " + plan.Column)}, seed {plan.Seed}"),
        _ => Numbers.None,
    };

    private static string Mostly(double share) => share >= 1 ? "" : $" in {Numbers.Percent(share, 0)}";
}
