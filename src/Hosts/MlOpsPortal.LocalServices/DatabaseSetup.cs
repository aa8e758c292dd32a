using System.Text;
using Npgsql;

namespace MlOpsPortal.LocalServices;

/// <summary>Roles, and databases with their rights, by the same SQL files that serve one's own server. Everything here may run again.</summary>
public static class DatabaseSetup
{
    public static async Task CreateRolesAsync(PostgresEndpoint server, CancellationToken cancellation)
    {
        var passwords = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["owner_password"] = server.Secrets.OwnerPassword,
            ["app_password"] = server.Secrets.AppPassword,
            ["system_password"] = server.Secrets.SystemPassword,
        };
        var sql = new StringBuilder(Script("roles.sql"));
        foreach (var (name, value) in passwords) sql.Replace($":'{name}'", $"'{value}'");
        await ExecuteAsync(server, "postgres", sql.ToString(), cancellation);
    }

    /// <summary>Creates the database, owned by mlops_owner, unless it exists; then grants the rights within it. Nobody may be connected to the template.</summary>
    public static async Task CreateDatabaseAsync(PostgresEndpoint server, string name, string? template, CancellationToken cancellation)
    {
        if (!await ExistsAsync(server, name, cancellation))
        {
            var from = template is null ? "" : $" TEMPLATE \"{template}\"";
            await ExecuteAsync(server, "postgres", $"CREATE DATABASE \"{name}\" OWNER mlops_owner{from}", cancellation);
        }

        await ExecuteAsync(server, name, Script("database.sql"), cancellation);
    }

    public static async Task<bool> ExistsAsync(PostgresEndpoint server, string name, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(server.SuperuserConnection("postgres"));
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", connection) { Parameters = { new() { Value = name } } };
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    /// <summary>As the superuser, in the named database.</summary>
    public static async Task ExecuteAsync(PostgresEndpoint server, string database, string sql, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(server.SuperuserConnection(database));
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static string Script(string name)
    {
        using var stream = typeof(DatabaseSetup).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded in this build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
