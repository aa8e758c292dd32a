namespace MlOpsPortal.LocalServices;

/// <summary>Who runs PostgreSQL. It refuses to run as root, so root steps down to an unprivileged user; anybody else runs it himself.</summary>
internal static class PostgresUser
{
    /// <summary>`nobody` on Linux: present everywhere, owner of nothing else.</summary>
    private const uint Unprivileged = 65534;

    public static IReadOnlyList<string> Prefix { get; } = Linux.IsRoot
        ? ["setpriv", $"--reuid={Unprivileged}", $"--regid={Unprivileged}", "--clear-groups", "--"]
        : [];

    /// <summary>A folder that only this user may enter.</summary>
    public static void MakeOwnFolder(string path)
    {
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Own(path);
    }

    public static void Own(string path)
    {
        if (Linux.IsRoot) Linux.ChangeOwner(path, Unprivileged);
    }

    /// <summary>Whether this user can enter the folder: every folder above it must let him through.</summary>
    public static async Task<bool> CanEnterAsync(string folder, string logFile, CancellationToken cancellation)
    {
        if (!Linux.IsRoot) return true;
        var probe = ChildProcess.Start(new ChildCommand
        {
            Name = "setpriv",
            Command = [.. Prefix, "/bin/sh", "-c", "cd \"$1\" 2>/dev/null", "sh", folder],
            LogFile = logFile,
        });
        return await probe.Exited.WaitAsync(cancellation) == 0;
    }
}
