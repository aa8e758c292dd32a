using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MlOpsPortal.Testing;

/// <summary>How long a process may make files: prlimit(2), RLIMIT_FSIZE.</summary>
internal static partial class FileLimit
{
    private const int FileSize = 1;
    private const ulong None = ulong.MaxValue;

    public static void Set(int process, long? bytes)
    {
        var limit = new Limit { Now = bytes is { } most ? (ulong)most : None, Most = None };
        if (Change(process, FileSize, in limit, nint.Zero) != 0)
            throw new Win32Exception();
    }

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Change(int process, int resource, in Limit limit, nint before);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Now;
        public ulong Most;
    }
}
