using MlOpsPortal.Statistics.Numerics;

namespace MlOpsPortal.Statistics.Intervals;

/// <summary>Interval of a share (Wilson 1927): sound for small counts and for shares at 0 and 1.</summary>
internal static class Wilson
{
    public static ConfidenceInterval Of(long part, long whole, double level)
    {
        var z = NormalTail.TwoSidedQuantile(level);
        double n = whole, share = part / n, square = z * z;
        var centre = (share + (square / (2 * n))) / (1 + (square / n));
        var half = z / (1 + (square / n)) * Math.Sqrt((share * (1 - share) / n) + (square / (4 * n * n)));
        return new ConfidenceInterval(Math.Max(0, centre - half), Math.Min(1, centre + half), level, IntervalMethod.Wilson);
    }

    /// <summary>The share with its interval; refused when there is nothing to have a share of.</summary>
    public static Metric Share(long part, long whole, double level, NotComputable empty) =>
        whole == 0 ? Metric.Refused(empty) : Metric.Of(part / (double)whole) with { Interval = Of(part, whole, level) };
}
