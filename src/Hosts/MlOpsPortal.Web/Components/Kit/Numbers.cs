using System.Globalization;

namespace MlOpsPortal.Web.Components.Kit;

/// <summary>Numbers as every page writes them: in the viewer's culture, with their unit, and "–" for none (never 0).</summary>
public static class Numbers
{
    public const string None = "–";

    /// <summary><c>1 metric</c>, <c>2 metrics</c>.</summary>
    public static string Of(int count, string noun) => string.Create(CultureInfo.CurrentCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>Whole things: 39,133.</summary>
    public static string Count(long? value) => value?.ToString("N0", CultureInfo.CurrentCulture) ?? None;

    /// <summary>A metric with fixed decimals, 0.7433: figures of one column must line up.</summary>
    public static string Metric(double? value, int decimals = 4) =>
        value is { } number && !double.IsNaN(number) ? number.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.CurrentCulture) : None;

    /// <summary>Any measured value with at most four significant digits: 159.7, 0.0999, 1,204.</summary>
    public static string Value(double? value)
    {
        if (value is not { } number || double.IsNaN(number))
            return None;
        if (number == 0)
            return "0";
        var size = Math.Abs(number);
        if (size is >= 1e12 or < 1e-6)
            return number.ToString("0.###E+0", CultureInfo.CurrentCulture);
        var decimals = Math.Clamp(3 - (int)Math.Floor(Math.Log10(size)), 0, 9);
        return number.ToString("#,0." + new string('#', decimals), CultureInfo.CurrentCulture);
    }

    /// <summary>A ratio 0..1 as percent: 62.1 %.</summary>
    public static string Percent(double? ratio, int decimals = 1) =>
        ratio is { } number && !double.IsNaN(number)
            ? (number * 100).ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.CurrentCulture) + " %"
            : None;

    /// <summary>An interval in words: 0.734 to 0.753.</summary>
    public static string Interval(double? low, double? high, int decimals = 3) =>
        low is null || high is null ? None : Metric(low, decimals) + " to " + Metric(high, decimals);

    /// <summary>Bytes, decimal units: 85 kB, 1.4 MB.</summary>
    public static string Bytes(long? bytes)
    {
        if (bytes is not { } number)
            return None;
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        double size = number;
        var unit = 0;
        while (Math.Abs(size) >= 999.5 && unit < units.Length - 1)
        {
            size /= 1000;
            unit++;
        }
        return size.ToString(unit == 0 || size >= 10 ? "N0" : "0.#", CultureInfo.CurrentCulture) + " " + units[unit];
    }

    /// <summary>How long: 0.8 ms, 40 s, 2 min, 3 h.</summary>
    public static string Duration(TimeSpan? duration) => duration is not { } time ? None : time switch
    {
        { TotalMilliseconds: < 1000 } => Value(Math.Round(time.TotalMilliseconds, time.TotalMilliseconds < 10 ? 1 : 0)) + " ms",
        { TotalSeconds: < 90 } => Value(Math.Round(time.TotalSeconds, time.TotalSeconds < 10 ? 1 : 0)) + " s",
        { TotalMinutes: < 90 } => Value(Math.Round(time.TotalMinutes)) + " min",
        { TotalHours: < 48 } => Value(Math.Round(time.TotalHours)) + " h",
        _ => Value(Math.Round(time.TotalDays)) + " d",
    };
}
