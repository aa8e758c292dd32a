using System.Globalization;

namespace MlOpsPortal.Platform.Jobs;

/// <summary>Names this process among all that ever were: machine, boot, process id, start time.</summary>
internal static class WorkerIdentity
{
    private static readonly string Machine = $"{Environment.MachineName}/{Boot()}";

    public static string Mine { get; } = $"{Machine}/{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}/{StartOf(Environment.ProcessId)}";

    /// <summary>Was that a process of this machine that is no more? Of other machines' processes nothing is known: their hearts tell.</summary>
    public static bool IsDead(string worker)
    {
        var parts = worker.Split('/');
        return parts.Length == 4 && worker.StartsWith(Machine + "/", StringComparison.Ordinal)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var process) && StartOf(process) != parts[3];
    }

    /// <summary>Start time in clock ticks since boot; empty when there is no such process.</summary>
    public static string StartOf(int process)
    {
        var file = $"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat";
        try
        {
            var stat = File.ReadAllText(file);
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19]; // field 22; the name before may hold blanks and parentheses
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string Boot() => File.Exists("/proc/sys/kernel/random/boot_id") ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim() : "0";
}
