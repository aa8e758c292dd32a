namespace MlOpsPortal.Deployments.Serving.Traffic;

/// <summary>Latencies in buckets whose bounds grow by a quarter each: from 10 µs to 100 s in 73 buckets, so that a quantile is right to 12 %.</summary>
internal static class LatencyHistogram
{
    public const int Buckets = 74;
    private const double First = 10;
    private const double Growth = 1.25;
    private static readonly double[] Bounds = [.. Enumerable.Range(0, Buckets - 1).Select(index => First * Math.Pow(Growth, index))];

    public static int Bucket(double microseconds)
    {
        var found = Array.BinarySearch(Bounds, microseconds);
        return found >= 0 ? found : ~found;
    }

    /// <returns>Milliseconds: the middle of the quantile's bucket; null without any.</returns>
    public static double? Quantile(ReadOnlySpan<long> counts, double quantile)
    {
        long total = 0;
        foreach (var count in counts)
            total += count;
        if (total == 0)
            return null;
        var rank = Math.Max(1, (long)Math.Ceiling(quantile * total));
        var bucket = 0;
        for (long seen = 0; bucket < counts.Length; bucket++)
            if ((seen += counts[bucket]) >= rank)
                break;
        var upper = Bounds[Math.Min(bucket, Bounds.Length - 1)];
        return upper / Math.Sqrt(Growth) / 1000;
    }
}
