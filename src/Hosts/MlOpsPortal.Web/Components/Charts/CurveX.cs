using System.Globalization;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Components.Charts;

/// <summary>What curves are drawn over.</summary>
public enum CurveX
{
    /// <summary>The step that was logged.</summary>
    Step,

    /// <summary>Seconds since the run's first value.</summary>
    Relative,

    /// <summary>Seconds since 1970, UTC.</summary>
    Time,
}

/// <summary>The horizontal axis of curves: round steps, or round spans of time.</summary>
public sealed record CurveScale(double Min, double Max, IReadOnlyList<(double At, string Text)> Ticks)
{
    private const int MostTicks = 6;
    private const double LongestSpan = 900_000_000_000; // seconds that a TimeSpan holds
    private static readonly double[] Spans = [0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000, 7_776_000, 31_536_000];

    public double At(double x) => Max > Min ? (x - Min) / (Max - Min) : 0.5;

    /// <param name="values">Seconds or steps.</param>
    /// <param name="zone">The viewer's, for times.</param>
    public static CurveScale Of(CurveX kind, IEnumerable<double> values, TimeZoneInfo? zone = null)
    {
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values.Where(double.IsFinite))
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
        if (min > max)
            (min, max) = (0, 1);
        return kind == CurveX.Step ? Steps(min, max) : Times(kind, min, max, zone ?? TimeZoneInfo.Utc);
    }

    // Curves use the whole width: the bounds are the data's, and only ticks within them are drawn.
    private static CurveScale Steps(double min, double max)
    {
        if (max <= min)
            return new CurveScale(min - 0.5, max + 0.5, [(0.5, min.ToString("N0", CultureInfo.CurrentCulture))]);
        var axis = Axis.Around([min, max], MostTicks + 1);
        return new CurveScale(min, max, [.. axis.Ticks.Where(tick => tick >= min - 1e-9 && tick <= max + 1e-9).Select(tick => ((tick - min) / (max - min), axis.Text(tick)))]);
    }

    private static CurveScale Times(CurveX kind, double min, double max, TimeZoneInfo zone)
    {
        if (kind == CurveX.Relative)
            min = Math.Min(0, min);
        if (max <= min)
            max = min + 1;
        var span = Array.Find(Spans, candidate => (max - min) / candidate <= MostTicks);
        if (span == 0)
            span = Spans[^1] * Math.Ceiling((max - min) / Spans[^1] / MostTicks);
        var offset = kind == CurveX.Time && Moment(min) is { } first ? zone.GetUtcOffset(first).TotalSeconds : 0;
        var ticks = new List<(double, string)>();
        for (var tick = (Math.Ceiling((min + offset) / span) * span) - offset; tick <= max + (span * 1e-9); tick += span)
            ticks.Add(((tick - min) / (max - min), Text(kind, tick, span, zone)));
        return new CurveScale(min, max, ticks);
    }

    // A client may say any time: what lies beyond the calendar, with a day of room for zones, has no date.
    private static DateTimeOffset? Moment(double seconds) => seconds is > -62_135_500_000 and < 253_402_200_000 ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null;

    private static string Text(CurveX kind, double tick, double span, TimeZoneInfo zone)
    {
        if (kind == CurveX.Relative)
            return tick == 0 ? "0" : tick < LongestSpan ? Numbers.Duration(TimeSpan.FromSeconds(tick)) : Numbers.Value(tick / 86_400) + " d";
        if (Moment(tick) is not { } moment)
            return Numbers.Value(tick) + " s";
        var local = TimeZoneInfo.ConvertTime(moment, zone);
        return local.ToString(span switch { < 1 => "HH:mm:ss.fff", < 60 => "HH:mm:ss", < 86_400 => "HH:mm", _ => "d MMM" }, CultureInfo.CurrentCulture);
    }
}
