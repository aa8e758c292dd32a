using System.Diagnostics;
using System.Globalization;

namespace MlOpsPortal.Deployments.Tests.Serving;

/// <summary>Requests at a fixed rate, whether or not earlier ones were answered. A latency counts from the moment the request was due: who waits for a slow server is not forgotten.</summary>
internal static class OpenLoop
{
    /// <param name="alsoUntil">It goes on for the length, and longer when this is not done by then.</param>
    public static async Task<Latencies> RunAsync(double perSecond, TimeSpan length, Func<Task> request, Task? alsoUntil = null)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        var begun = Stopwatch.GetTimestamp();
        var under = new List<Task<TimeSpan>>();
        for (var passed = TimeSpan.Zero; passed < length || alsoUntil is { IsCompleted: false }; passed = Stopwatch.GetElapsedTime(begun))
        {
            while (under.Count < passed.TotalSeconds * perSecond)
                under.Add(TimeAsync(request, begun + (long)(under.Count / perSecond * Stopwatch.Frequency)));
            await tick.WaitForNextTickAsync();
        }

        return new Latencies(await Task.WhenAll(under));
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> request, long due)
    {
        await Task.Yield();
        await request();
        return Stopwatch.GetElapsedTime(due);
    }
}

internal sealed class Latencies(TimeSpan[] all)
{
    private readonly TimeSpan[] ordered = [.. all.Order()];

    public int Count => ordered.Length;

    public double Milliseconds(double quantile) => ordered[(int)Math.Min(ordered.Length - 1, ordered.Length * quantile)].TotalMilliseconds;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count} requests, p50 {Milliseconds(0.5):0.0} ms, p99 {Milliseconds(0.99):0.0} ms");
}
