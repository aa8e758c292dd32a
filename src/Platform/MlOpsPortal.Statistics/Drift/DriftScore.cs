using System.Collections.Immutable;

namespace MlOpsPortal.Statistics.Drift;

/// <summary>A distance between two samples, with the bins it rests on, or the reason why there is none.</summary>
/// <param name="Edges">Of a number's bins; empty where there are none.</param>
/// <param name="Values">Of a category's bins; empty where there are none.</param>
/// <param name="Reference">Counts per bin.</param>
/// <param name="Current">Counts per bin.</param>
public sealed record DriftScore(Metric Metric, ImmutableArray<double> Edges, ImmutableArray<string> Values, ImmutableArray<long> Reference, ImmutableArray<long> Current)
{
    /// <summary>How many bins; null where there are none.</summary>
    public int? Bins => Reference.Length == 0 ? null : Reference.Length;

    public static DriftScore Refused(NotComputable reason) => Of(Metric.Refused(reason));

    internal static DriftScore Of(Metric metric) => new(metric, [], [], [], []);

    /// <summary>Why two samples cannot be compared; null when they can.</summary>
    internal static NotComputable? Fault(NumericSample reference, NumericSample current) =>
        reference.Count == 0 ? NotComputable.NoReference
        : current.Count == 0 ? NotComputable.NoRows
        : reference.Count == 1 ? NotComputable.TooFewReferenceRows : null;

    internal static NotComputable? Fault(CategorySample reference, CategorySample current) =>
        reference.Count == 0 ? NotComputable.NoReference
        : current.Count == 0 ? NotComputable.NoRows
        : reference.IsTooWide || current.IsTooWide ? NotComputable.TooManyValues
        : reference.Count == 1 ? NotComputable.TooFewReferenceRows : null;
}
