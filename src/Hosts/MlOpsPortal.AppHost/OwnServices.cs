using System.Text.Json;
using MlOpsPortal.LocalServices;
using Npgsql;

namespace MlOpsPortal.AppHost;

/// <summary>A PostgreSQL server and a storage account that the user runs himself; null where we start our own.</summary>
internal sealed record OwnServices(DatabaseConnections? Postgres, string? Blobs, string? Container)
{
    private sealed record Settings(PostgresSettings? Postgres, BlobSettings? Blobs);

    private sealed record PostgresSettings(string? Server, string? OwnerPassword, string? AppPassword, string? SystemPassword);

    private sealed record BlobSettings(string? ConnectionString, string? Container);

    public static string SettingsFile() => Path.Combine(Repository.Root, "src", "Hosts", "MlOpsPortal.AppHost", "appsettings.local.json");

    /// <summary>The environment goes before the file. Half a configuration is refused, never completed by guesses.</summary>
    public static OwnServices Read(Func<string, string?> environment, string settingsFile)
    {
        var file = ReadFile(settingsFile);
        var blobs = Value("MLOPS_BLOBS", file?.Blobs?.ConnectionString);
        var container = Value("MLOPS_BLOBS_CONTAINER", file?.Blobs?.Container);
        if (Value("MLOPS_POSTGRES", file?.Postgres?.Server) is not { } server) return new OwnServices(null, blobs, container);

        return new OwnServices(
            new DatabaseConnections(
                Connection(server, "mlops_owner", Value("MLOPS_POSTGRES_OWNER_PASSWORD", file?.Postgres?.OwnerPassword), "MLOPS_POSTGRES_OWNER_PASSWORD"),
                Connection(server, "mlops_app", Value("MLOPS_POSTGRES_APP_PASSWORD", file?.Postgres?.AppPassword), "MLOPS_POSTGRES_APP_PASSWORD"),
                Connection(server, "mlops_system", Value("MLOPS_POSTGRES_SYSTEM_PASSWORD", file?.Postgres?.SystemPassword), "MLOPS_POSTGRES_SYSTEM_PASSWORD")),
            blobs,
            container);

        string? Value(string variable, string? fromFile) => environment(variable) is { Length: > 0 } value ? value : fromFile is { Length: > 0 } ? fromFile : null;
    }

    /// <summary>Asks the server as the portal will, so that a wrong address or password is told here and not from inside a migration.</summary>
    public static async Task CheckAsync(DatabaseConnections own, CancellationToken cancellation)
    {
        foreach (var connectionString in new[] { own.Owner, own.App, own.System })
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
            try
            {
                await using var connection = new NpgsqlConnection(settings.ConnectionString);
                await connection.OpenAsync(cancellation);
            }
            catch (NpgsqlException refused)
            {
                throw new LaunchException($"Your PostgreSQL at {settings.Host}:{settings.Port} refused {settings.Username}: {refused.Message}", refused);
            }
        }
    }

    private static string Connection(string server, string role, string? password, string variable)
    {
        if (password is null) throw new LaunchException($"MLOPS_POSTGRES names your own server, but {variable} is not set: infra/postgres/README.md says how the roles are made.");
        try
        {
            return new NpgsqlConnectionStringBuilder(server) { Username = role, Password = password }.ConnectionString;
        }
        catch (ArgumentException malformed)
        {
            throw new LaunchException($"MLOPS_POSTGRES is no connection string: {malformed.Message}", malformed);
        }
    }

    private static Settings? ReadFile(string file)
    {
        if (!File.Exists(file)) return null;
        try
        {
            return JsonSerializer.Deserialize<Settings>(File.ReadAllText(file), JsonSerializerOptions.Web);
        }
        catch (JsonException malformed)
        {
            throw new LaunchException($"{file} is no valid JSON: {malformed.Message}", malformed);
        }
    }
}
