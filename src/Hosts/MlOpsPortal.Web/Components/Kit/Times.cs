using System.Globalization;

namespace MlOpsPortal.Web.Components.Kit;

/// <summary>Times in words. Input is any instant; output is in the viewer's zone and culture.</summary>
public static class Times
{
    public static string Relative(DateTimeOffset value, DateTimeOffset now, TimeZoneInfo? zone = null)
    {
        var span = now - value;
        var (length, format) = span < TimeSpan.Zero ? (-span, "in {0}") : (span, "{0} ago");
        var words = length switch
        {
            { TotalSeconds: < 45 } => null,
            { TotalMinutes: < 60 } => Count(Math.Max(1, Math.Round(length.TotalMinutes)), "min"),
            { TotalHours: < 24 } => Count(Math.Floor(length.TotalHours), "h"),
            { TotalDays: < 14 } => Count(Math.Floor(length.TotalDays), "d"),
            _ => "",
        };
        return words switch
        {
            null => "now",
            "" => Day(value, zone, now),
            _ => string.Format(CultureInfo.CurrentCulture, format, words),
        };
    }

    /// <summary>"9 Sep 2025 08:41:07 UTC+02:00".</summary>
    public static string Exact(DateTimeOffset value, TimeZoneInfo? zone = null)
    {
        var local = In(value, zone);
        var offset = local.Offset == TimeSpan.Zero ? "UTC" : local.ToString("'UTC'zzz", CultureInfo.InvariantCulture);
        return local.ToString("d MMM yyyy HH:mm:ss ", CultureInfo.CurrentCulture) + offset;
    }

    /// <summary>"3 Feb", with the year when it is another one.</summary>
    public static string Day(DateTimeOffset value, TimeZoneInfo? zone, DateTimeOffset now)
    {
        var local = In(value, zone);
        return local.ToString(local.Year == In(now, zone).Year ? "d MMM" : "d MMM yyyy", CultureInfo.CurrentCulture);
    }

    private static DateTimeOffset In(DateTimeOffset value, TimeZoneInfo? zone) => TimeZoneInfo.ConvertTime(value, zone ?? TimeZoneInfo.Utc);

    private static string Count(double number, string unit) => string.Create(CultureInfo.CurrentCulture, $"{number:0} {unit}");
}
