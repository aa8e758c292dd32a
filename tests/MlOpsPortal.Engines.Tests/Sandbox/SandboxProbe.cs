using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MlOpsPortal.Engines.Sandbox;

namespace MlOpsPortal.Engines.Tests.Sandbox;

/// <summary>The test program in the part of a limited child: with a task in its environment it does that, and runs no test.</summary>
internal static class SandboxProbe
{
    private const string Task = "SANDBOX_PROBE";

    internal static Process Start(string task, string argument = "")
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false }; // A running program has a path.
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(SandboxProbe).Assembly.Location);
        start.Environment[Task] = $"{task}|{argument}";
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x8000000";
        return ChildProcess.Start(start);
    }

    internal static (int ExitCode, string Output) Run(string task, string argument = "")
    {
        using var process = Start(task, argument);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.Trim());
    }

    [ModuleInitializer]
    internal static void RunTask()
    {
        if (Environment.GetEnvironmentVariable(Task) is not { } asked)
            return;
        var argument = asked[(asked.IndexOf('|', StringComparison.Ordinal) + 1)..];
        if (asked == "parent|")
            DieBeforeTheChild();
        var report = new ProcessLimits { DataBytes = 1L << 30, CpuSeconds = 2, FileBytes = 1 << 20, OpenFiles = 64 }.Apply();
        switch (asked.Split('|')[0])
        {
            case "report":
                Console.WriteLine(string.Join(",", report.Applied));
                foreach (var refused in report.Refused)
                    Console.WriteLine($"refused {refused.Name}: {refused.Reason}");
                Console.WriteLine(File.ReadAllText("/proc/self/limits"));
                Console.WriteLine(File.ReadAllText("/proc/self/status"));
                break;
            case "allocate":
                Allocate();
                break;
            case "spin":
                while (true)
                    GC.KeepAlive(argument);
            case "write":
                using (var file = File.Create(argument))
                {
                    for (var i = 0; i < 64; i++)
                        file.Write(new byte[1 << 20]);
                }

                break;
            case "wait":
                Console.WriteLine(Environment.ProcessId);
                Thread.Sleep(Timeout.Infinite);
                break;
            default:
                throw new InvalidOperationException(asked);
        }

        Environment.Exit(0);
    }

    /// <summary>Without limits: a file-size limit that is inherited keeps .NET from starting.</summary>
    private static void DieBeforeTheChild()
    {
        using var child = Start("wait");
        Console.WriteLine(child.StandardOutput.ReadLine());
        Process.GetCurrentProcess().Kill();
    }

    private static unsafe void Allocate()
    {
        try
        {
            for (var i = 0; i < 40; i++)
                NativeMemory.Clear(NativeMemory.Alloc(100 << 20), 100 << 20);
            Console.WriteLine("allocated");
        }
        catch (OutOfMemoryException)
        {
            Console.WriteLine("refused");
        }
    }
}
