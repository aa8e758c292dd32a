using System.Security.Cryptography;
using System.Text;

namespace MlOpsPortal.LocalServices;

/// <summary>Where the database files and the binaries are: beside everything else, or, where root's stand-in cannot go, under /var/lib/mlopsportal.</summary>
internal sealed record PostgresPlace(string Folder, PostgresPackage Package)
{
    private const string Elsewhere = "/var/lib/mlopsportal";

    public string Database => Path.Combine(Folder, "data");

    /// <summary>True for a folder that only we can have made outside a data folder.</summary>
    public static bool IsOurs(string folder) => folder.StartsWith(Elsewhere + "/data-", StringComparison.Ordinal);

    public static async Task<PostgresPlace> ChooseAsync(DataFolder data, string nodeModules, Action<string> report, CancellationToken cancellation)
    {
        var log = data.LogFile("postgres-setup");
        var package = await PostgresPackage.FindAsync(nodeModules, log, cancellation);
        var folder = data.Remembered.PostgresFolder ?? Path.Combine(data.Path, "postgres");
        var fits = !IsOurs(folder) && await PostgresUser.CanEnterAsync(data.Path, log, cancellation) && await PostgresUser.CanEnterAsync(package.Folder, log, cancellation);
        if (!fits)
        {
            folder = IsOurs(folder) ? folder : $"{Elsewhere}/data-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(data.Path)))[..16]}";
            package = await package.CopyToAsync($"{Elsewhere}/packages", log, cancellation);
            report($"PostgreSQL runs as an unprivileged user, who cannot enter {data.Path} or {nodeModules}: its files are in {folder}.");
        }

        PostgresUser.MakeOwnFolder(folder);
        return new PostgresPlace(folder, package);
    }
}
