using System.Globalization;
using System.Text;

namespace MlOpsPortal.Web.Components.Charts;

/// <summary>Drawing in a square of 1000 units that is stretched to the plot; lines keep their width (non-scaling strokes), text is HTML above it.</summary>
internal static class Svg
{
    public const double Size = 1000;

    /// <summary>Horizontal unit of a position 0..1.</summary>
    public static double X(double share) => share * Size;

    /// <summary>Vertical unit of a position 0..1, 0 at the bottom.</summary>
    public static double Y(double share) => (1 - share) * Size;

    public static string N(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);

    /// <summary>CSS percentage of a position 0..1.</summary>
    public static string Pct(double share) => Math.Round(share * 100, 3).ToString(CultureInfo.InvariantCulture) + "%";

    /// <summary>A path through points 0..1; null lifts the pen. A point between two gaps is a dot.</summary>
    public static string Line(IEnumerable<(double X, double Y)?> points)
    {
        var path = new StringBuilder();
        var down = 0; // points since the pen was put down
        foreach (var point in points)
        {
            if (point is { } p)
                path.Append(down > 0 ? 'L' : 'M').Append(N(X(p.X))).Append(' ').Append(N(Y(p.Y)));
            else if (down == 1)
                path.Append("h0");
            down = point is null ? 0 : down + 1;
        }

        return (down == 1 && path.ToString().LastIndexOf('M') > 0 ? path.Append("h0") : path).ToString();
    }

    /// <summary>The points between two gaps, which a thin line shows hardly at all.</summary>
    public static IEnumerable<(double X, double Y)> Alone(IReadOnlyList<(double X, double Y)?> points) =>
        points.Where((point, index) => point is not null && (index == 0 || points[index - 1] is null) && (index == points.Count - 1 || points[index + 1] is null)).OfType<(double, double)>();

    /// <summary>Dots: lines of no length, which round caps turn into circles however the square is stretched.</summary>
    public static string Dots(IEnumerable<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        foreach (var (x, y) in points)
            path.Append('M').Append(N(X(x))).Append(' ').Append(N(Y(y))).Append("h0");
        return path.ToString();
    }

    /// <summary>The outline of bars of equal width, heights 0..1.</summary>
    public static string Steps(IReadOnlyList<double> heights)
    {
        var path = new StringBuilder();
        for (var bar = 0; bar < heights.Count; bar++)
        {
            path.Append(bar == 0 ? 'M' : 'L').Append(N(X((double)bar / heights.Count))).Append(' ').Append(N(Y(heights[bar])));
            path.Append('H').Append(N(X((bar + 1.0) / heights.Count)));
        }
        return path.ToString();
    }
}
