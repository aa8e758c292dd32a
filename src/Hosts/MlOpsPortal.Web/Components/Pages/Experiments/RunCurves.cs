using MlOpsPortal.Tracking.Metrics;
using MlOpsPortal.Web.Components.Charts;

namespace MlOpsPortal.Web.Components.Pages.Experiments;

/// <summary>From a metric's points to a curve.</summary>
public static class RunCurves
{
    /// <param name="points">Of one metric of one run, in any order.</param>
    /// <param name="x">What the curve is drawn over: steps, or seconds since the first point, or since 1970.</param>
    /// <returns>In order of x; where one place has several values they stand above each other in order of time.</returns>
    public static IReadOnlyList<XyPoint> Of(IReadOnlyList<Metric> points, CurveX x)
    {
        if (points.Count == 0)
            return [];
        var first = points.Min(point => point.Timestamp);
        return
        [
            .. points.OrderBy(point => x == CurveX.Step ? point.Step : point.Timestamp).ThenBy(point => point.Timestamp).ThenBy(point => point.Step).Select(point => new XyPoint(
                x switch { CurveX.Step => point.Step, CurveX.Relative => (point.Timestamp - first) / 1000.0, _ => point.Timestamp / 1000.0 },
                Math.Abs(point.Value) == double.MaxValue ? double.NaN : point.Value)), // infinities are kept as the greatest doubles and have no place in a drawing
        ];
    }
}
