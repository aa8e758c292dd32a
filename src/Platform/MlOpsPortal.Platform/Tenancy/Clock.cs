namespace MlOpsPortal.Platform.Tenancy;

/// <summary>Time as the database keeps it.</summary>
public static class Clock
{
    /// <summary>UTC now, cut to whole microseconds, so that what was stored reads back equal.</summary>
    public static DateTimeOffset GetMicrosecondNow(this TimeProvider time)
    {
        var now = time.GetUtcNow();
        return new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }
}
