namespace MlOpsPortal.Web.Components.Charts;

/// <summary>A metric of a run over its steps or times, in order of x.</summary>
public sealed record Curve(string Name, RunMark Mark, IReadOnlyList<XyPoint> Points);

/// <summary>A named value of a run in a cloud of points.</summary>
/// <param name="Note">A third value, in words.</param>
public sealed record RunPoint(string Name, double X, double Y, RunMark Mark, string? Note = null);

/// <summary>What curves are made of before they are drawn.</summary>
public static class Curves
{
    /// <summary>Exponential moving average with the weight of the past from 0 (none) to below 1, freed of its pull to zero at the start
    /// (divided by 1 - weight^n, as Adam does). What is not finite is passed over and stays as it is.</summary>
    public static IReadOnlyList<XyPoint> Smooth(IReadOnlyList<XyPoint> points, double weight)
    {
        if (weight <= 0)
            return points;
        var smooth = new XyPoint[points.Count];
        var (sum, bias) = (0.0, 1.0);
        for (var index = 0; index < points.Count; index++)
        {
            var point = points[index];
            if (double.IsFinite(point.Y))
            {
                sum = (weight * sum) + ((1 - weight) * point.Y);
                bias *= weight;
                point = point with { Y = sum / (1 - bias) };
            }

            smooth[index] = point;
        }

        return smooth;
    }

    /// <summary>At most four points for each of the columns: first, lowest, highest and last of it, so that the drawing is the same as with all points.
    /// Gaps (values that are not finite) are kept.</summary>
    public static IReadOnlyList<XyPoint> Thin(IReadOnlyList<XyPoint> points, int columns)
    {
        if (points.Count <= columns * 2 || columns < 1)
            return points;
        var (from, to) = (points[0].X, points[^1].X);
        if (to <= from)
            return points;
        var thin = new List<XyPoint>(columns * 4);
        var start = 0;
        while (start < points.Count)
        {
            var column = Column(points[start].X);
            var end = start + 1;
            while (end < points.Count && Column(points[end].X) == column)
                end++;
            Add(points, start, end, thin);
            start = end;
        }

        return thin;

        int Column(double x) => Math.Min(columns - 1, (int)((x - from) / (to - from) * columns));
    }

    private static void Add(IReadOnlyList<XyPoint> points, int start, int end, List<XyPoint> thin)
    {
        var (low, high, gap) = (-1, -1, -1);
        for (var index = start; index < end; index++)
        {
            if (!double.IsFinite(points[index].Y))
            {
                gap = index;
                continue;
            }

            if (low < 0 || points[index].Y < points[low].Y)
                low = index;
            if (high < 0 || points[index].Y > points[high].Y)
                high = index;
        }

        var last = -1;
        foreach (var index in new[] { start, low, high, gap, end - 1 }.Where(index => index >= 0).Order())
        {
            if (index != last)
                thin.Add(points[index]);
            last = index;
        }
    }
}
