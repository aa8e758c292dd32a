using MlOpsPortal.Monitoring.Monitors;

namespace MlOpsPortal.Monitoring.Measuring;

/// <summary>A stretch of time: from, and before to.</summary>
internal readonly record struct Window(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Does any of the days lie in it, at least in part?</summary>
    public bool Touches(IReadOnlySet<DateOnly> days)
    {
        var last = DateOnly.FromDateTime(To.AddTicks(-1).UtcDateTime);
        for (var day = DateOnly.FromDateTime(From.UtcDateTime); day <= last; day = day.AddDays(1))
            if (days.Contains(day))
                return true;
        return false;
    }
}

/// <summary>Which windows there are. Plain functions of what is in the log.</summary>
internal static class WindowPlan
{
    /// <summary>Windows by time that have ended, oldest first.</summary>
    /// <param name="from">The first window holds this moment.</param>
    /// <param name="until">Windows that begin at or after it are not there yet.</param>
    public static IEnumerable<Window> ByTime(MonitorWindow window, DateTimeOffset from, DateTimeOffset until, DateTimeOffset now)
    {
        var length = window.Length ?? throw new InvalidOperationException("Windows by count have no length.");
        for (var start = window.StartOf(from); start < until && start + length <= now; start += length)
            yield return new Window(start, start + length);
    }

    /// <summary>Full windows by count: those of the very same time as the last one belong with it.</summary>
    /// <param name="times">Ascending.</param>
    public static IEnumerable<Window> ByCount(int count, IReadOnlyList<DateTimeOffset> times)
    {
        for (var first = 0; first + count <= times.Count;)
        {
            var last = first + count - 1;
            while (last + 1 < times.Count && times[last + 1] == times[last])
                last++;
            yield return new Window(times[first], times[last].AddMicroseconds(1));
            first = last + 1;
        }
    }

    /// <summary>Until when windows count as ended: as long as the log is fed now, silence is measured too; a history that is replayed ends with its last prediction.</summary>
    public static DateTimeOffset Until((DateTimeOffset OccurredAt, DateTimeOffset LoggedAt) last, TimeSpan length, DateTimeOffset now) =>
        last.LoggedAt - last.OccurredAt < length ? now : last.OccurredAt.AddMicroseconds(1);

    /// <summary>Leaves out what comes after a long silence: that nothing came is told so many times, not for every week of a year.</summary>
    /// <param name="days">Days with predictions.</param>
    /// <param name="silent">Windows without predictions that were measured last, before these.</param>
    public static IEnumerable<Window> WithoutSilence(IEnumerable<Window> windows, IReadOnlySet<DateOnly> days, int silent)
    {
        const int told = 2;
        foreach (var window in windows)
        {
            silent = window.Touches(days) ? 0 : silent + 1;
            if (silent <= told)
                yield return window;
        }
    }

    /// <summary>Windows side by side become one stretch to read.</summary>
    public static IEnumerable<List<Window>> Stretches(IEnumerable<Window> windows)
    {
        List<Window>? open = null;
        foreach (var window in windows)
        {
            if (open is not null && open[^1].To == window.From)
            {
                open.Add(window);
                continue;
            }

            if (open is not null)
                yield return open;
            open = [window];
        }

        if (open is not null)
            yield return open;
    }
}
