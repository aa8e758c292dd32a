using System.Runtime.InteropServices;

namespace MlOpsPortal.Engines.Sandbox;

/// <summary>
/// What a child process of ours may use. It sets these on itself, first thing in Main, before any native library is loaded; they only ever get tighter and
/// its own children inherit them (and a .NET child would not start: its code heap is a large file in memory, past FileBytes). Address space is not limited (RLIMIT_AS): .NET reserves 256 GB of it. Wall time and resident memory are the parent's task.
/// </summary>
public sealed record ProcessLimits
{
    /// <summary>Bytes of private memory, the managed heap included (set DOTNET_GCHeapHardLimit well below it).</summary>
    public long DataBytes { get; init; } = 3L << 30;

    /// <summary>Seconds of processor time over all threads; then SIGXCPU ends the process.</summary>
    public int CpuSeconds { get; init; } = 600;

    /// <summary>Bytes of the largest file it may write; SIGXFSZ or an error ends the write.</summary>
    public long FileBytes { get; init; } = 4L << 30;

    public int OpenFiles { get; init; } = 256;

    /// <summary>The kernel kills it when the thread that started it ends; <see cref="ChildProcess"/> starts children from a thread that lives as long as the parent.</summary>
    public bool DieWithParent { get; init; } = true;

    /// <summary>Applies all of it to this process.</summary>
    /// <returns>What was set and what the system did not allow. Never throws for a refusal: the caller decides what it cannot do without.</returns>
    public ProcessLimitsReport Apply()
    {
        if (!OperatingSystem.IsLinux())
            return new([], [.. Names().Select(name => new RefusedLimit(name, "only Linux has it"))]);
        var applied = new List<string>();
        var refused = new List<RefusedLimit>();
        if (ChildProcess.HasNetwork())
            refused.Add(new("network", ChildProcess.WhyNetwork ?? "it was not started apart from the network"));
        else
            applied.Add("network");
        Note("no_new_privs", LinuxCalls.Control(LinuxCalls.NoNewPrivileges, 1));
        if (DieWithParent)
            Note("die_with_parent", LinuxCalls.Control(LinuxCalls.ParentDeathSignal, LinuxCalls.Kill));
        Limit("core", LinuxCalls.Core, 0);
        Limit("data", LinuxCalls.Data, DataBytes);
        Limit("cpu", LinuxCalls.Cpu, CpuSeconds);
        Limit("file_size", LinuxCalls.FileSize, FileBytes);
        Limit("open_files", LinuxCalls.OpenFiles, OpenFiles);
        return new(applied, refused);

        void Limit(string name, int resource, long value) => Note(name, LinuxCalls.Lower(resource, (ulong)value));

        void Note(string name, int result)
        {
            if (result == 0)
                applied.Add(name);
            else
                refused.Add(new(name, Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())));
        }
    }

    private IEnumerable<string> Names()
    {
        string[] always = ["network", "no_new_privs", "core", "data", "cpu", "file_size", "open_files"];
        return always.Concat(DieWithParent ? ["die_with_parent"] : []);
    }
}

/// <summary>What <see cref="ProcessLimits.Apply"/> did: names are network, no_new_privs, die_with_parent, core, data, cpu, file_size, open_files.</summary>
public sealed record ProcessLimitsReport(IReadOnlyList<string> Applied, IReadOnlyList<RefusedLimit> Refused);

/// <summary>A limit that the system did not allow.</summary>
/// <param name="Name">The limit that is absent.</param>
/// <param name="Reason">The system's words.</param>
public sealed record RefusedLimit(string Name, string Reason);
