using System.Globalization;

namespace MlOpsPortal.AppHost;

/// <summary>
/// Under `dotnet run` the person at the terminal knows that process, not ours. When it is killed we would go on unseen, holding the data folder:
/// so we stop as if asked. Any other parent may end as it likes (nohup, a script that starts us and leaves).
/// </summary>
internal static class ParentWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static IDisposable? Start(CancellationTokenSource stop)
    {
        var parent = ParentId();
        if (!IsDotnetRun(CommandLine(parent))) return null;
        return new Timer(_ => { if (ParentId() != parent && !stop.IsCancellationRequested) stop.Cancel(); }, null, Interval, Interval);
    }

    public static bool IsDotnetRun(IReadOnlyList<string> command) => command is [var program, "run", ..] && Path.GetFileName(program) == "dotnet";

    private static int ParentId()
    {
        var parent = File.ReadLines("/proc/self/status").First(line => line.StartsWith("PPid:", StringComparison.Ordinal));
        return int.Parse(parent["PPid:".Length..], CultureInfo.InvariantCulture);
    }

    private static string[] CommandLine(int process)
    {
        var file = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/cmdline");
        return File.Exists(file) ? File.ReadAllText(file).Split('\0', StringSplitOptions.RemoveEmptyEntries) : [];
    }
}
