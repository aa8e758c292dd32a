namespace MlOpsPortal.LocalServices;

/// <summary>Where the services were last time; null where that is not decided yet.</summary>
internal sealed record RememberedServices
{
    public int? PostgresPort { get; init; }

    public string? PostgresFolder { get; init; }

    public int? BlobPort { get; init; }
}

/// <summary>Everything the local services keep. Opened by one process at a time; deleted only when its marker says that we made it.</summary>
public sealed class DataFolder : IDisposable
{
    private const string Marker = ".mlopsportal";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly Stream held;

    private DataFolder(string path, Stream held) => (Path, this.held) = (path, held);

    /// <summary>Absolute.</summary>
    public string Path { get; }

    public string Logs => Sub("logs");

    public string SecretsFile => System.IO.Path.Combine(Path, "secrets.json");

    private string RememberedFile => System.IO.Path.Combine(Path, "services.json");

    /// <summary>Makes the folder, or takes one we made before. A folder with other content, or one in use, is refused.</summary>
    /// <param name="path">Relative to the current folder, or absolute.</param>
    /// <param name="patience">How long another holder, who may be about to stop, is waited for.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static async Task<DataFolder> OpenAsync(string path, TimeSpan patience, CancellationToken cancellation)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            // Under root, PostgreSQL runs as another user, who must be able to pass through (but not to list).
            var mode = Linux.IsRoot ? Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : Private;
            Directory.CreateDirectory(path, mode);
            var marker = System.IO.Path.Combine(path, Marker);
            if (!File.Exists(marker))
            {
                if (Directory.EnumerateFileSystemEntries(path).Any())
                    throw new LaunchException($"The folder {path} holds other files and was not made by this program: name another one with --data.");
                File.WriteAllText(marker, "The MlOpsPortal launcher made this folder and may delete it (--fresh).\n");
            }

            var ours = await FileLock.TryExclusiveAsync(System.IO.Path.Combine(path, "lock"), patience, cancellation)
                ?? throw new LaunchException($"The folder {path} is in use by another launcher: stop that one, or name another folder with --data.");
            return new DataFolder(path, ours);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new LaunchException($"The folder {path} cannot be written: {refused.Message}", refused);
        }
    }

    /// <summary>Stops what a killed launcher may have left, then deletes the folder. A folder that we did not make stays, and is refused.</summary>
    public static async Task DeleteAsync(string path, CancellationToken cancellation)
    {
        path = System.IO.Path.GetFullPath(path);
        if (!Directory.Exists(path)) return;
        using var data = await OpenAsync(path, TimeSpan.Zero, cancellation);
        await Azurite.StopLeftoverAsync(data);
        await EmbeddedPostgres.StopLeftoverAsync(data);
        if (data.Remembered.PostgresFolder is { } elsewhere && PostgresPlace.IsOurs(elsewhere) && Directory.Exists(elsewhere))
            Directory.Delete(elsewhere, recursive: true);
        Directory.Delete(path, recursive: true);
    }

    /// <summary>A folder within, for us alone.</summary>
    public string Sub(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name), Private).FullName;

    /// <summary>The identity of a child of this name, see <see cref="ChildProcess"/>.</summary>
    public string IdentityFile(string name) => System.IO.Path.Combine(Sub("run"), name);

    internal static string IdentityFile(string dataFolder, string name) => System.IO.Path.Combine(dataFolder, "run", name);

    /// <summary>Keeps logs of long use bounded: past 16 MiB a log is put aside, in place of the one put aside before.</summary>
    public void RotateLogs()
    {
        foreach (var log in new DirectoryInfo(Logs).EnumerateFiles("*.log").Where(log => log.Length > 16 << 20))
            log.MoveTo(log.FullName + ".old", overwrite: true);
    }

    public string LogFile(string name) => System.IO.Path.Combine(Logs, name + ".log");

    public Secrets Secrets
    {
        get
        {
            var known = PrivateFile.Read<Secrets>(SecretsFile);
            if (known is null && Remembered.PostgresFolder is not null)
                throw new LaunchException($"{SecretsFile} is gone, and without it the data beside it cannot be opened: restore it, or start with --fresh.");
            var whole = known?.Complete() ?? Secrets.Create();
            if (whole != known) PrivateFile.Write(SecretsFile, whole);
            return whole;
        }
    }

    internal RememberedServices Remembered => PrivateFile.Read<RememberedServices>(RememberedFile) ?? new RememberedServices();

    internal void Remember(Func<RememberedServices, RememberedServices> change) => PrivateFile.Write(RememberedFile, change(Remembered));

    public void Dispose() => held.Dispose();
}
