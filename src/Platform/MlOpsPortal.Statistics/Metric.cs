using System.Text.Json.Serialization;
using MlOpsPortal.Statistics.Intervals;

namespace MlOpsPortal.Statistics;

/// <summary>
/// A number, or the reason why there is none. <see cref="Value"/> is null exactly when the metric is not computable.
/// A value together with a reason is a value by convention: 0 where the formula reads 0/0 because of what the model does.
/// </summary>
/// <param name="Value">Finite, in the metric's own unit; null when not computable.</param>
/// <param name="Reason">Why there is no value, or why it is one by convention.</param>
/// <param name="Interval">Null unless intervals were asked for and the metric has one.</param>
public sealed record Metric(double? Value, NotComputable? Reason = null, ConfidenceInterval? Interval = null)
{
    /// <summary>The value, or <see cref="NotComputable.Overflow"/> when arithmetic left the finite numbers.</summary>
    public static Metric Of(double value) => double.IsFinite(value) ? new Metric(value) : new Metric(null, NotComputable.Overflow);

    public static Metric Refused(NotComputable reason) => new(null, reason);

    public static Metric ByConvention(double value, NotComputable reason) => new(value, reason);
}

/// <summary>Why a number does not exist for these rows. The names on the wire are stable codes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NotComputable>))]
public enum NotComputable
{
    /// <summary>There are no rows.</summary>
    [JsonStringEnumMemberName("noRows")] NoRows,

    /// <summary>Fewer rows (of a class) than the formula needs.</summary>
    [JsonStringEnumMemberName("tooFewRows")] TooFewRows,

    /// <summary>A score, prediction or outcome is NaN or infinite.</summary>
    [JsonStringEnumMemberName("notFinite")] NotFinite,

    /// <summary>The outcome has one class only.</summary>
    [JsonStringEnumMemberName("singleClass")] SingleClass,

    /// <summary>One of the classes has no row.</summary>
    [JsonStringEnumMemberName("missingClass")] MissingClass,

    /// <summary>The outcome has no positive row.</summary>
    [JsonStringEnumMemberName("noPositives")] NoPositives,

    /// <summary>The outcome has no negative row.</summary>
    [JsonStringEnumMemberName("noNegatives")] NoNegatives,

    /// <summary>No score reaches the threshold.</summary>
    [JsonStringEnumMemberName("noPredictedPositives")] NoPredictedPositives,

    /// <summary>Every row is predicted to be of one class.</summary>
    [JsonStringEnumMemberName("singlePredictedClass")] SinglePredictedClass,

    /// <summary>A score lies outside 0..1, so that it is no probability.</summary>
    [JsonStringEnumMemberName("notProbabilities")] NotProbabilities,

    /// <summary>The outcome is the same in every row.</summary>
    [JsonStringEnumMemberName("constantOutcome")] ConstantOutcome,

    /// <summary>The prediction is the same in every row.</summary>
    [JsonStringEnumMemberName("constantPrediction")] ConstantPrediction,

    /// <summary>An outcome or prediction is negative where a logarithm needs it not to be.</summary>
    [JsonStringEnumMemberName("negativeValues")] NegativeValues,

    /// <summary>A prediction is zero or negative where the formula divides by it.</summary>
    [JsonStringEnumMemberName("notPositivePredictions")] NotPositivePredictions,

    /// <summary>The two models are right and wrong on the same rows.</summary>
    [JsonStringEnumMemberName("noDisagreement")] NoDisagreement,

    /// <summary>The values differ, but without any spread to judge the difference by.</summary>
    [JsonStringEnumMemberName("noVariance")] NoVariance,

    /// <summary>Too few resamples gave a value.</summary>
    [JsonStringEnumMemberName("tooFewResamples")] TooFewResamples,

    /// <summary>The larger of the two is zero, so that they have no ratio.</summary>
    [JsonStringEnumMemberName("zeroDenominator")] ZeroDenominator,

    /// <summary>Fewer than two groups are large enough to be compared.</summary>
    [JsonStringEnumMemberName("tooFewGroups")] TooFewGroups,

    /// <summary>The arithmetic left the finite numbers.</summary>
    [JsonStringEnumMemberName("overflow")] Overflow,

    /// <summary>The reference has no value.</summary>
    [JsonStringEnumMemberName("noReference")] NoReference,

    /// <summary>The reference has too few values to say what is usual.</summary>
    [JsonStringEnumMemberName("tooFewReferenceRows")] TooFewReferenceRows,

    /// <summary>The reference is the same in every row.</summary>
    [JsonStringEnumMemberName("constantReference")] ConstantReference,

    /// <summary>More different values than can be compared.</summary>
    [JsonStringEnumMemberName("tooManyValues")] TooManyValues,
}
