using System.Collections.Immutable;

namespace MlOpsPortal.Statistics.Binary;

/// <summary>
/// Fewer points for display, by largest triangles over three buckets (Steinarsson 2013): first and last point stay, and of each bucket
/// between them the point that spans the largest triangle with its neighbours.
/// </summary>
public static class DownSample
{
    /// <param name="points">In drawing order.</param>
    /// <param name="x">Horizontal place.</param>
    /// <param name="y">Vertical place.</param>
    /// <param name="limit">At most this many points, 3 or more.</param>
    public static ImmutableArray<T> Points<T>(IReadOnlyList<T> points, Func<T, double> x, Func<T, double> y, int limit = 200)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 3);
        if (points.Count <= limit) return [.. points];
        var kept = ImmutableArray.CreateBuilder<T>(limit);
        kept.Add(points[0]);
        var width = (points.Count - 2) / (double)(limit - 2);
        for (var bucket = 0; bucket < limit - 2; bucket++)
        {
            var from = 1 + (int)(bucket * width);
            var to = 1 + (int)((bucket + 1) * width);
            var until = bucket == limit - 3 ? points.Count : Math.Min(1 + (int)((bucket + 2) * width), points.Count);
            double nextX = 0, nextY = 0;
            for (var i = to; i < until; i++)
            {
                nextX += x(points[i]) / (until - to);
                nextY += y(points[i]) / (until - to);
            }

            var (lastX, lastY) = (x(kept[^1]), y(kept[^1]));
            var (best, bestArea) = (from, -1.0);
            for (var i = from; i < to; i++)
            {
                var area = Math.Abs(((lastX - nextX) * (y(points[i]) - lastY)) - ((lastX - x(points[i])) * (nextY - lastY)));
                if (area > bestArea) (best, bestArea) = (i, area);
            }

            kept.Add(points[best]);
        }

        kept.Add(points[^1]);
        return kept.MoveToImmutable();
    }
}
