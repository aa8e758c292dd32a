using System.Runtime.InteropServices;

namespace MlOpsPortal.LocalServices;

public enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
}

internal static partial class Linux
{
    private const int NoSuchProcess = 3;

    public static bool IsRoot => Environment.IsPrivilegedProcess;

    /// <summary>Sends a signal to a pid or a negated process group; a process that is gone already is no error.</summary>
    public static void Send(int process, Signal signal)
    {
        if (Kill(process, (int)signal) == 0) return;
        var error = Marshal.GetLastPInvokeError();
        if (error != NoSuchProcess) throw new LaunchException($"Signal {signal} to process {process} failed: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    public static void ChangeOwner(string path, uint user)
    {
        if (ChangeOwner(path, user, user) == 0) return;
        throw new LaunchException($"The owner of {path} could not be changed: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
