using System.Text.Json.Serialization;

namespace MlOpsPortal.Statistics.Intervals;

[JsonConverter(typeof(JsonStringEnumConverter<IntervalMethod>))]
public enum IntervalMethod
{
    /// <summary>DeLong, DeLong, Clarke-Pearson 1988: normal interval from the structural components, clipped to the metric's range.</summary>
    [JsonStringEnumMemberName("deLong")] DeLong,

    /// <summary>Percentiles of the metric over resamples of whole rows, drawn within each class where there are classes.</summary>
    [JsonStringEnumMemberName("percentileBootstrap")] PercentileBootstrap,

    /// <summary>Wilson 1927, of a share.</summary>
    [JsonStringEnumMemberName("wilson")] Wilson,
}

/// <summary>Where the value of the population lies, with the level's confidence. Bounds are in the metric's unit.</summary>
/// <param name="Lower">Lower bound.</param>
/// <param name="Upper">Upper bound.</param>
/// <param name="Level">Confidence, 0..1.</param>
/// <param name="Method">How it was found.</param>
/// <param name="Bootstrap">What it takes to draw it again; null for a formula.</param>
public sealed record ConfidenceInterval(double Lower, double Upper, double Level, IntervalMethod Method, BootstrapPlan? Bootstrap = null)
{
    [JsonIgnore]
    public bool ExcludesZero => Lower > 0 || Upper < 0;
}

/// <summary>How resamples are drawn: xoshiro256** from the seed, rows with replacement, within each class for a binary outcome.</summary>
/// <param name="Seed">Any number; the same seed draws the same rows on every machine.</param>
/// <param name="Resamples">At least 100.</param>
/// <param name="Level">Confidence of the intervals, 0..1 exclusive.</param>
public sealed record BootstrapPlan(int Seed, int Resamples = 1000, double Level = 0.95)
{
    internal static BootstrapPlan Check(BootstrapPlan plan) =>
        plan is { Resamples: >= 100, Level: > 0 and < 1 }
            ? plan
            : throw new ArgumentOutOfRangeException(nameof(plan), plan, "A bootstrap plan has at least 100 resamples and a level between 0 and 1.");
}
