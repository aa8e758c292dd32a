using System.Globalization;

namespace MlOpsPortal.LocalServices;

/// <summary>Connection strings to one database, one per role (see infra/postgres/roles.sql).</summary>
/// <param name="Owner">mlops_owner: owns the database and migrates it.</param>
/// <param name="App">mlops_app: the portal's ordinary work; owns nothing, row-level security applies.</param>
/// <param name="System">mlops_system: the portal's work across tenants.</param>
public sealed record DatabaseConnections(string Owner, string App, string System);

/// <summary>A PostgreSQL server on loopback and the passwords of its roles.</summary>
public sealed record PostgresEndpoint(int Port, Secrets Secrets)
{
    public const string Superuser = "postgres";

    public DatabaseConnections Connections(string database) => new(
        ConnectionString(database, "mlops_owner", Secrets.OwnerPassword),
        ConnectionString(database, "mlops_app", Secrets.AppPassword),
        ConnectionString(database, "mlops_system", Secrets.SystemPassword));

    /// <summary>For setting up roles and databases only; unpooled.</summary>
    public string SuperuserConnection(string database) => ConnectionString(database, Superuser, Secrets.SuperuserPassword) + ";Pooling=false";

    private string ConnectionString(string database, string role, string password) => string.Create(
        CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={Port};Database={database};Username={role};Password={password};SSL Mode=Disable;GSS Encryption Mode=Disable");
}
