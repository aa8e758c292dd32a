using System.Runtime.InteropServices;

namespace MlOpsPortal.Engines.Sandbox;

/// <summary>The system calls in use, with the numbers that Linux has on x64 and arm64 alike.</summary>
internal static partial class LinuxCalls
{
    internal const int Cpu = 0;
    internal const int FileSize = 1;
    internal const int Data = 2;
    internal const int Core = 4;
    internal const int OpenFiles = 7;

    internal const int ParentDeathSignal = 1;
    internal const int NoNewPrivileges = 38;
    internal const ulong Kill = 9;

    internal static int Control(int option, ulong value) => Prctl(option, value, 0, 0, 0);

    /// <summary>Sets soft and hard limit, never above the hard one that is there.</summary>
    internal static int Lower(int resource, ulong value)
    {
        if (GetLimit(resource, out var limit) != 0)
            return -1;
        limit.Hard = Math.Min(limit.Hard, value);
        limit.Soft = limit.Hard;
        return SetLimit(resource, limit);
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Prctl(int option, ulong a, ulong b, ulong c, ulong d);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetLimit(int resource, out Bounds limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, in Bounds limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Bounds
    {
        internal ulong Soft;
        internal ulong Hard;
    }
}
