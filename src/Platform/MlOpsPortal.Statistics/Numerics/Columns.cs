namespace MlOpsPortal.Statistics.Numerics;

internal static class Columns
{
    public static void RequireSameLength(int expected, int actual, string name)
    {
        if (expected != actual)
            throw new ArgumentException($"The column has {actual} rows, {expected} are expected.", name);
    }

    public static bool AllFinite(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (!double.IsFinite(value)) return false;
        }

        return true;
    }

    /// <summary>Quantile by linear interpolation between order statistics (numpy's default, R's type 7).</summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)Math.Floor(position);
        var above = Math.Min(below + 1, sorted.Length - 1);
        var weight = position - below;
        var step = sorted[above] - sorted[below];
        // From the nearer end, as numpy does, so that the last bit agrees where edges decide a bin.
        return weight >= 0.5 ? sorted[above] - (step * (1 - weight)) : sorted[below] + (step * weight);
    }

    /// <summary>Row numbers by value, ascending; equal values keep their row order.</summary>
    public static int[] StableOrder(ReadOnlySpan<double> values)
    {
        var keys = values.ToArray();
        var order = new int[keys.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(keys, order);
        for (int start = 0, end; start < keys.Length; start = end)
        {
            for (end = start + 1; end < keys.Length && keys[end] == keys[start];) end++;
            if (end - start > 1) Array.Sort(order, start, end - start);
        }

        return order;
    }
}
