using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace MlOpsPortal.Engines.Sandbox;

/// <summary>
/// Starts child processes that work on untrusted input. All are started from one thread that never ends, because the parent-death signal follows the thread,
/// and the threads of a pool come and go. Where the system lets an ordinary user, a child gets a network namespace with nothing in it: only a process of one
/// thread may take one, so util-linux' unshare does it before the child's own program begins (same process id).
/// </summary>
public static class ChildProcess
{
    private static readonly string[] Unshare = ["unshare", "--user", "--map-current-user", "--net", "--"];

    private static readonly BlockingCollection<Action> Work = [];
    private static readonly Lazy<Thread> Starter = new(() =>
    {
        var thread = new Thread(() =>
        {
            foreach (var start in Work.GetConsumingEnumerable())
                start();
        })
        {
            IsBackground = true,
            Name = "child processes",
        };
        thread.Start();
        return thread;
    });

    private static readonly Lazy<string?> Absence = new(Probe);

    /// <summary>Why children keep the network; null when they get none.</summary>
    public static string? WhyNetwork => Absence.Value;

    /// <summary>Starts a child. Arguments go in <see cref="ProcessStartInfo.ArgumentList"/>; the environment is what the caller puts there.</summary>
    /// <param name="start">Its program must be a full path, or one that the search path finds.</param>
    /// <param name="isolateNetwork">Ask for no network; without support it is started with one, and <see cref="ProcessLimits.Apply"/> reports that.</param>
    public static Process Start(ProcessStartInfo start, bool isolateNetwork = true)
    {
        if (isolateNetwork && WhyNetwork is null)
        {
            start.ArgumentList.Insert(0, start.FileName);
            for (var i = Unshare.Length - 1; i > 0; i--)
                start.ArgumentList.Insert(0, Unshare[i]);
            start.FileName = Unshare[0];
        }

        return OnStarter(() => Process.Start(start) ?? throw new InvalidOperationException("The system started no process."));
    }

    /// <summary>True when this process sees any network device but its own loopback.</summary>
    internal static bool HasNetwork() =>
        File.ReadLines("/proc/self/net/dev").Skip(2).Any(line => line.Split(':')[0].Trim() != "lo");

    private static Process OnStarter(Func<Process> start)
    {
        _ = Starter.Value;
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                started.SetResult(start());
            }
            catch (Exception failure) when (failure is Win32Exception or InvalidOperationException)
            {
                started.SetException(failure);
            }
        });
        return started.Task.GetAwaiter().GetResult();
    }

    private static string? Probe()
    {
        if (!OperatingSystem.IsLinux())
            return "only Linux has network namespaces";
        try
        {
            var start = new ProcessStartInfo(Unshare[0]) { RedirectStandardError = true, UseShellExecute = false };
            foreach (var argument in Unshare.Skip(1).Append("true"))
                start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!; // Null only with UseShellExecute.
            var error = process.StandardError.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : error;
        }
        catch (Win32Exception missing)
        {
            return $"unshare (util-linux) did not start: {missing.Message}";
        }
    }
}
