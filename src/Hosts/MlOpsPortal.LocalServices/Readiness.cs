using System.Diagnostics;

namespace MlOpsPortal.LocalServices;

/// <summary>Waits until a child answers; its early end and a time limit are both told with its last words.</summary>
public static class Readiness
{
    public static async Task WaitAsync(ChildProcess child, Func<Task<bool>> answers, TimeSpan patience, CancellationToken cancellation)
    {
        for (var since = Stopwatch.StartNew(); since.Elapsed < patience; await Task.WhenAny(child.Exited, Task.Delay(50, cancellation)))
        {
            cancellation.ThrowIfCancellationRequested();
            if (child.Exited.IsCompleted) throw child.Died(await child.Exited);
            if (await answers()) return;
        }

        throw new LaunchException($"{child.Name} did not answer within {patience.TotalSeconds:0} seconds. Its last lines:\n{child.LogTail()}\nAll of it: {child.LogFile}");
    }
}
