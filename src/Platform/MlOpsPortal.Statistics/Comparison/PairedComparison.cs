using System.Collections.Immutable;
using System.Text.Json.Serialization;
using MlOpsPortal.Statistics.Intervals;

namespace MlOpsPortal.Statistics.Comparison;

[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
public enum Verdict
{
    [JsonStringEnumMemberName("better")] Better,
    [JsonStringEnumMemberName("worse")] Worse,
    [JsonStringEnumMemberName("noDetectableDifference")] NoDetectableDifference,
    [JsonStringEnumMemberName("notComputable")] NotComputable,
}

/// <summary>One metric of two models on the same rows.</summary>
/// <param name="First">The first model's value.</param>
/// <param name="Second">The second model's value.</param>
/// <param name="Difference">First less second; of absolute values where closer to zero is better.</param>
/// <param name="Interval">Paired interval of the difference.</param>
/// <param name="Verdict">Of the first over the second: better or worse only if the interval excludes zero.</param>
/// <param name="Reason">Why it is not computable.</param>
public sealed record MetricDifference(
    double? First, double? Second, double? Difference, ConfidenceInterval? Interval, Verdict Verdict, NotComputable? Reason)
{
    internal static MetricDifference Of(MetricDefinition metric, Metric first, Metric second, ConfidenceInterval? interval, NotComputable missing)
    {
        if (first.Value is not { } a || second.Value is not { } b)
            return new(first.Value, second.Value, null, null, Verdict.NotComputable, (first.Value is null ? first : second).Reason);
        var difference = metric.Direction is MetricDirection.CloserToZeroIsBetter ? Math.Abs(a) - Math.Abs(b) : a - b;
        if (interval is null) return new(a, b, difference, null, Verdict.NotComputable, missing);
        var verdict = !interval.ExcludesZero ? Verdict.NoDetectableDifference
            : interval.Lower > 0 == (metric.Direction is MetricDirection.HigherIsBetter) ? Verdict.Better
            : Verdict.Worse;
        return new(a, b, difference, interval, verdict, null);
    }
}

/// <summary>Two models on the same rows.</summary>
/// <param name="First">Name of the first model.</param>
/// <param name="Second">Name of the second model.</param>
/// <param name="Metrics">By key of <see cref="MetricCatalogue"/>; verdicts are of the first over the second. Metrics without a valid resampling interval are left out.</param>
/// <param name="DeLong">Binary only.</param>
/// <param name="McNemar">Binary only; null when a score is not finite.</param>
public sealed record PairedComparison(
    string First, string Second, IReadOnlyDictionary<string, MetricDifference> Metrics, PairedAuc? DeLong, McNemarTest? McNemar);

/// <summary>Models on the same rows, each against each.</summary>
/// <param name="Headline">The metric that decides.</param>
/// <param name="Rows">Rows compared on.</param>
/// <param name="Plan">The draws behind the bootstrap intervals.</param>
/// <param name="Pairs">Every pair once, in the order of the models.</param>
/// <param name="Winner">The model that is detectably better than each other one on the headline metric; null: no detectable winner.</param>
public sealed record ModelComparison(string Headline, int Rows, BootstrapPlan Plan, ImmutableArray<PairedComparison> Pairs, string? Winner)
{
    internal static string? FindWinner(IEnumerable<string> names, IReadOnlyList<PairedComparison> pairs, string headline) =>
        pairs.Count == 0 ? null : names.SingleOrDefault(name => pairs.All(pair =>
            pair.First == name ? pair.Metrics[headline].Verdict is Verdict.Better
            : pair.Second != name || pair.Metrics[headline].Verdict is Verdict.Worse));

    internal static void RequireDistinct(IReadOnlyList<string> names)
    {
        if (names.Distinct(StringComparer.Ordinal).Count() != names.Count)
            throw new ArgumentException("The models of a comparison have distinct names.", nameof(names));
    }

    /// <summary>Difference of two models' draws, as <see cref="MetricDifference.Difference"/> defines it.</summary>
    internal static ConfidenceInterval? Interval(MetricDefinition metric, double[] first, double[] second, BootstrapPlan plan)
    {
        var differences = new double[first.Length];
        for (var i = 0; i < differences.Length; i++)
        {
            differences[i] = metric.Direction is MetricDirection.CloserToZeroIsBetter
                ? Math.Abs(first[i]) - Math.Abs(second[i])
                : first[i] - second[i];
        }

        return Bootstrap.Percentiles(differences, plan);
    }
}
