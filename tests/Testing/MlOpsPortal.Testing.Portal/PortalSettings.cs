using Azure.Storage.Blobs;
using MlOpsPortal.LocalServices;
using Npgsql;

namespace MlOpsPortal.Testing;

/// <summary>What a portal under test is told, and the folder that it may write to.</summary>
internal sealed class PortalSettings
{
    private const string Configuration =
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    private PortalSettings(DatabaseConnections database, string blobConnection, string folder) => (Database, BlobConnection, Folder) = (database, blobConnection, folder);

    public DatabaseConnections Database { get; }

    public string Folder { get; }

    /// <summary>The portal's program where it was built: only there its static files are found.</summary>
    public static string Program { get; } = Path.Combine(Repository.Root, "src", "Hosts", "MlOpsPortal.Web", "bin", Configuration, "net10.0", "MlOpsPortal.Web.dll");

    private string BlobConnection { get; }

    private string Container { get; } = "test-" + Guid.CreateVersion7().ToString("n");

    /// <param name="database">Migrated; null for a fresh one on the server that all tests share.</param>
    /// <param name="blobs">Connection string; null for the store that all tests share.</param>
    public static async Task<PortalSettings> CreateAsync(CancellationToken cancellation, DatabaseConnections? database = null, string? blobs = null)
    {
        var services = await TestServices.GetAsync();
        var folder = Directory.CreateTempSubdirectory("mlopsportal-test-").FullName;
        return new PortalSettings(database ?? await PortalDatabases.CreateAsync(cancellation), blobs ?? services.BlobConnectionString, folder);
    }

    /// <summary>By name as the portal's configuration has them.</summary>
    public Dictionary<string, string?> Values() => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings:Portal"] = Database.App,
        ["ConnectionStrings:System"] = Database.System,
        ["KeyRing:Secret"] = Convert.ToBase64String(new byte[32]),
        ["Blobs:ConnectionString"] = BlobConnection,
        ["Blobs:Container"] = Container,
        ["Portal:DataFolder"] = Folder,
        ["Jobs:ScratchFolder"] = Path.Combine(Folder, "jobs"),
        ["Jobs:Poll"] = "00:00:00.050",
        ["Jobs:Program:0"] = "dotnet",
        ["Jobs:Program:1"] = Program,
        ["Access:SignInsPerMinute"] = "10000",
        ["Logging:LogLevel:Default"] = "Warning",
        // Linux has few watches, and nothing edits these files.
        ["hostBuilder:reloadConfigOnChange"] = "false",
    };

    public IEnumerable<string> Secrets() =>
    [
        .. new[] { Database.App, Database.System, Database.Owner }.Select(connection => new NpgsqlConnectionStringBuilder(connection).Password ?? "").Where(password => password.Length > 0),
        BlobConnection.Split(';').Single(part => part.StartsWith("AccountKey=", StringComparison.Ordinal))["AccountKey=".Length..],
    ];

    public BlobContainerClient Blobs() => new(BlobConnection, Container);

    public void Forget() => Directory.Delete(Folder, recursive: true);
}
