using System.Globalization;
using System.Text.Json;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.Benchmarks.Tracking;

/// <summary>A running portal, as its data folder tells: where it answers, who may log there, and its database.</summary>
internal sealed record PortalPlace(Uri Url, string Token, string Database, string Folder)
{
    private const string Role = "data scientist";

    public static PortalPlace Find(string folder)
    {
        var demo = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "demo.json"))).RootElement;
        var services = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "services.json"))).RootElement;
        var secrets = PrivateFile.Read<Secrets>(Path.Combine(folder, "secrets.json")) ?? throw new InvalidOperationException($"{folder} has no secrets.json.");
        var database = new PostgresEndpoint(services.GetProperty("postgresPort").GetInt32(), secrets).Connections(EmbeddedPostgres.DatabaseName);
        var token = demo.GetProperty("accounts").EnumerateArray().First(account => account.GetProperty("role").GetString() == Role).GetProperty("token").GetString();
        return new PortalPlace(new Uri(demo.GetProperty("url").GetString()!), token!, database.Owner, folder); // both always there
    }

    /// <summary>The portal's memory now, MiB, as the kernel counts it.</summary>
    public double MemoryMiB()
    {
        var process = File.ReadAllText(Path.Combine(Folder, "run", "portal")).Split(' ', 2)[0];
        return double.Parse(File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
