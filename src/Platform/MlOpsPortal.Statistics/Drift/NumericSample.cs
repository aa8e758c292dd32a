using MlOpsPortal.Statistics.Numerics;

namespace MlOpsPortal.Statistics.Drift;

/// <summary>The values of a number, sorted once for everything that is asked of them. NaN and infinite values count as missing.</summary>
public sealed class NumericSample
{
    private readonly double[] sorted;

    private NumericSample(double[] sorted, long missing) => (this.sorted, Missing) = (sorted, missing);

    /// <summary>Finite values, ascending.</summary>
    public ReadOnlySpan<double> Sorted => sorted;

    public int Count => sorted.Length;

    public long Missing { get; }

    public bool IsConstant => sorted.Length > 0 && sorted[0].Equals(sorted[^1]);

    /// <summary>0..1; null without any row.</summary>
    public double? MissingShare => Missing + Count == 0 ? null : (double)Missing / (Missing + Count);

    /// <param name="missing">Rows without a value, beyond those that are NaN here.</param>
    public static NumericSample Of(ReadOnlySpan<double> values, long missing = 0)
    {
        var finite = new double[values.Length];
        var count = 0;
        foreach (var value in values)
            if (double.IsFinite(value))
                finite[count++] = value;
        Array.Resize(ref finite, count);
        Array.Sort(finite);
        return new NumericSample(finite, missing + values.Length - count);
    }

    /// <summary>Quantile by linear interpolation (type 7).</summary>
    /// <param name="share">0..1</param>
    /// <exception cref="InvalidOperationException">There is no value.</exception>
    public double Quantile(double share) => Count == 0 ? throw new InvalidOperationException("A sample without values has no quantile.") : Columns.Quantile(sorted, share);

    public double Mean() => Sum(0) / Count;

    /// <summary>Of the population (n).</summary>
    public double StandardDeviation()
    {
        var mean = Mean();
        double squares = 0;
        foreach (var value in sorted)
            squares += (value - mean) * (value - mean);
        return Math.Sqrt(squares / Count);
    }

    /// <summary>How many values lie in each bin [a, b) between open ends.</summary>
    /// <param name="inner">Inner edges, ascending: one bin more than edges.</param>
    public long[] CountOpen(ReadOnlySpan<double> inner)
    {
        var counts = new long[inner.Length + 1];
        var before = 0;
        for (var bin = 0; bin < inner.Length; bin++)
        {
            var below = LowerBound(inner[bin]);
            counts[bin] = below - before;
            before = below;
        }

        counts[^1] = Count - before;
        return counts;
    }

    /// <summary>How many values lie in each bin [a, b), the last one closed; what is outside is not counted.</summary>
    /// <param name="edges">Ascending: one more than bins.</param>
    public long[] CountClosed(ReadOnlySpan<double> edges)
    {
        var counts = new long[edges.Length - 1];
        for (var bin = 0; bin < counts.Length; bin++)
            counts[bin] = (bin == counts.Length - 1 ? UpperBound(edges[bin + 1]) : LowerBound(edges[bin + 1])) - LowerBound(edges[bin]);
        return counts;
    }

    /// <summary>Distinct values, up to a number.</summary>
    public int Distinct(int most = int.MaxValue)
    {
        var distinct = 0;
        for (var index = 0; index < sorted.Length && distinct < most; index++)
            if (index == 0 || !sorted[index].Equals(sorted[index - 1]))
                distinct++;
        return distinct;
    }

    /// <summary>Values outside a closed range.</summary>
    public long Outside(double least, double most) => LowerBound(least) + (Count - UpperBound(most));

    private int LowerBound(double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (sorted[middle] < value) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private int UpperBound(double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (sorted[middle] <= value) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private double Sum(double start)
    {
        // Kahan: means of large values are compared to the last digits.
        double sum = start, lost = 0;
        foreach (var value in sorted)
        {
            var next = value - lost;
            var total = sum + next;
            lost = total - sum - next;
            sum = total;
        }

        return sum;
    }
}
