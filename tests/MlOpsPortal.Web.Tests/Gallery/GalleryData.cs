using MlOpsPortal.Web.Components.Charts;

namespace MlOpsPortal.Web.Gallery;

/// <summary>Figures to draw, computed from plain formulas: the gallery judges looks, not numbers.</summary>
internal static class GalleryData
{
    public static readonly IReadOnlyList<string> Weeks = [.. Enumerable.Range(1, 36).Select(week => FormattableString.Invariant($"W{week}"))];

    public static readonly IReadOnlyList<double?> VisitShare =
        [.. Enumerable.Range(0, 36).Select(week => (double?)(0.219 - (0.0018 * week) + (0.012 * Math.Sin(week * 1.7)) + (0.006 * Math.Cos(week * 0.6))))];

    public static readonly IReadOnlyList<string> Hours = [.. Enumerable.Range(0, 96).Select(quarter => FormattableString.Invariant($"{quarter / 4:00}:{quarter % 4 * 15:00}"))];

    public static IReadOnlyList<double?> Latency(double level) =>
        [.. Enumerable.Range(0, 96).Select(quarter => (double?)(level * (1 + (0.15 * Math.Sin(quarter / 12.0)) + (0.05 * Math.Sin(quarter * 1.9)))))];

    public static IReadOnlyList<XyPoint> Roc(double power) =>
        [.. Enumerable.Range(0, 201).Select(step => new XyPoint(step / 200.0, Math.Pow(step / 200.0, power)))];

    public static readonly IReadOnlyList<XyPoint> Residuals =
        [.. Enumerable.Range(0, 600).Select(row => new XyPoint(80 + (row * 0.4), (60 * Math.Sin(row * 12.9898)) * Math.Cos(row * 78.233)))];

    public static readonly IReadOnlyList<double> Ages = [9, 7, 8, 12, 17, 16, 20, 16, 17, 14, 9, 8, 5, 3, 2, 1];

    public static readonly IReadOnlyList<double> AgesNow = [14, 15, 16, 18, 17, 14, 12, 10, 9, 7, 5, 4, 3, 2, 1, 1];

    public sealed record ProfileRow(string Name, string Type, double? Min, double? Median, double? Max, double? Missing, string? Expectation, IReadOnlyList<double> Bins, IReadOnlyList<double>? Now);

    public static readonly IReadOnlyList<ProfileRow> Profile =
    [
        new("discount_percent", "number", 5, 15, 40, null, "1 ≤ x ≤ 60", [10, 0, 18, 0, 16, 0, 16, 0, 0, 10, 0, 7, 0, 0, 0, 4], null),
        new("distance_km", "number", 0.01, 4.06, 159.7, null, "x ≥ 0", [30, 6, 2, 1, 1, 0, 0, 0], null),
        new("age", "number", 18, 47, 92, 0.058, "missing ≤ 8 %", Ages, AgesNow),
        new("category", "text", null, null, null, null, null, [22, 19, 18, 16, 15, 15, 14, 14], null),
    ];
}
