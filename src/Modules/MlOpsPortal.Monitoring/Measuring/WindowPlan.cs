using MlOpsPortal.Monitoring.Monitors;

namespace MlOpsPortal.Monitoring.Measuring;

/// <summary>A stretch of time: from, and before to.</summary>
internal readonly record struct Window(DateTimeOffset From, DateTimeOffset To)
{
    public bool Touches(DateOnly day) => From < Midnight(day.AddDays(1)) && To > Midnight(day);

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
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
