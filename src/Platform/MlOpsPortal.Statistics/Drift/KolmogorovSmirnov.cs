namespace MlOpsPortal.Statistics.Drift;

/// <summary>The two-sample Kolmogorov-Smirnov test, two-sided. D is exact; so is p up to 10,000 values a side, beyond it is asymptotic (as scipy's ks_2samp chooses).</summary>
public static class KolmogorovSmirnov
{
    /// <summary>Up to so many values in the larger sample p is exact.</summary>
    public const int MostExact = 10_000;

    /// <summary>Why there is no statistic; null when there is.</summary>
    public static NotComputable? Fault(NumericSample reference, NumericSample current) => DriftScore.Fault(reference, current);

    /// <summary>Largest distance between the two empirical distributions.</summary>
    public static Metric Statistic(NumericSample reference, NumericSample current)
    {
        if (Fault(reference, current) is { } fault)
            return Metric.Refused(fault);
        var (steps, unit) = Steps(reference.Sorted, current.Sorted);
        return Metric.Of(steps / unit);
    }

    /// <summary>Exact up to <see cref="MostExact"/>, asymptotic beyond.</summary>
    public static Metric PValue(NumericSample reference, NumericSample current) =>
        Math.Max(reference.Count, current.Count) <= MostExact ? ExactP(reference, current) : AsymptoticP(reference, current);

    /// <summary>Share of all orders of the pooled values that lie as far apart. O(n·m) at most.</summary>
    public static Metric ExactP(NumericSample reference, NumericSample current)
    {
        if (Fault(reference, current) is { } fault)
            return Metric.Refused(fault);
        var (steps, _) = Steps(reference.Sorted, current.Sorted);
        return Metric.Of(Outside(reference.Count, current.Count, steps));
    }

    /// <summary>By the one-sample distribution for n·m/(n+m) values, rounded.</summary>
    public static Metric AsymptoticP(NumericSample reference, NumericSample current)
    {
        if (Fault(reference, current) is { } fault)
            return Metric.Refused(fault);
        var (steps, unit) = Steps(reference.Sorted, current.Sorted);
        var effective = Math.Round((double)reference.Count * current.Count / ((double)reference.Count + current.Count), MidpointRounding.ToEven);
        return Metric.Of(KolmogorovDistribution.Survival((long)Math.Max(effective, 1), steps / unit));
    }

    /// <returns>D as a whole number of steps of 1/lcm(n, m), and that lcm.</returns>
    private static (long Steps, double Unit) Steps(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var common = Common(a.Length, b.Length);
        long aStep = b.Length / common, bStep = a.Length / common;
        long distance = 0, most = 0;
        int i = 0, j = 0;
        while (i < a.Length && j < b.Length)
        {
            var value = Math.Min(a[i], b[j]);
            for (; i < a.Length && a[i] <= value; i++) distance += aStep;
            for (; j < b.Length && b[j] <= value; j++) distance -= bStep;
            most = Math.Max(most, Math.Abs(distance));
        }

        return (most, (double)a.Length * b.Length / common);
    }

    /// <summary>Probability that a random path from (0, 0) to (n, m) leaves the band where the distributions are nearer than so many steps. Every term is positive:
    /// nothing cancels, so that the smallest p is as exact as the largest.</summary>
    private static double Outside(int n, int m, long steps)
    {
        if (steps == 0)
            return 1;
        if (n < m)
            (n, m) = (m, n);
        var common = Common(n, m);
        long rise = n / common, run = m / common;
        var column = new double[m + 1];
        for (var x = 0; x <= n; x++)
        {
            var first = (int)Math.Max(0, Floor((run * x) - steps, rise) + 1);
            var last = (int)Math.Min(m, -Floor(-((run * x) + steps), rise) - 1);
            if (first > last)
                return 1;
            double below = 1; // below the first row inside every path has left the band
            for (var y = first; y <= last; y++)
            {
                var left = x == 0 || Math.Abs((run * (x - 1)) - (rise * y)) >= steps ? 1 : column[y];
                below = column[y] = x + y == 0 ? 0 : ((left * x) + (below * y)) / (x + y);
            }
        }

        return column[m];
    }

    private static long Floor(long a, long b) => (a / b) - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);

    private static int Common(int a, int b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }
}
