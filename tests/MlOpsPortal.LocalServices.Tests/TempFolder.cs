namespace MlOpsPortal.LocalServices.Tests;

/// <summary>A folder under the temporary folder that goes with the test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mlopsportal-").FullName;

    public TempFolder()
    {
        // Under root, PostgreSQL's own user must be able to pass through.
        if (Environment.IsPrivilegedProcess)
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    public string Sub(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
