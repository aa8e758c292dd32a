using Microsoft.EntityFrameworkCore.Migrations;

namespace MlOpsPortal.Platform.Data;

/// <summary>Row-level security and privileges, written by migrations. The roles are the portal's own and fixed: <c>mlops_app</c> is bound to
/// the tenant of its connection, <c>mlops_system</c> sees the tables it is let into. Policies are enabled, not forced: the portal's roles own nothing.</summary>
public static class TenantSecurity
{
    public const string AppRole = "mlops_app";
    public const string SystemRole = "mlops_system";

    /// <summary>Lets both roles into a schema.</summary>
    public static void OpenSchema(this MigrationBuilder migration, string schema) =>
        migration.Sql($"GRANT USAGE ON SCHEMA {schema} TO {AppRole}, {SystemRole};");

    /// <summary>A table with <c>tenant_id</c>: the app role sees and writes its own tenant's rows only.</summary>
    /// <param name="appMay">Privileges of the app role, e.g. "SELECT, INSERT" for what is never changed.</param>
    /// <param name="systemMay">Privileges of the system role over all tenants; null for none. The table then belongs into docs/system-tables.md.</param>
    public static void SecureTenantTable(this MigrationBuilder migration, string schema, string table, string appMay = "SELECT, INSERT, UPDATE, DELETE", string? systemMay = null)
    {
        const string Own = "tenant_id = NULLIF(current_setting('app.tenant', true), '')::uuid";
        migration.Sql($"""
            ALTER TABLE {schema}.{table} ENABLE ROW LEVEL SECURITY;
            CREATE POLICY tenant ON {schema}.{table} TO {AppRole} USING ({Own}) WITH CHECK ({Own});
            GRANT {appMay} ON {schema}.{table} TO {AppRole};
            """);
        if (systemMay is not null)
            migration.Sql($"""
                CREATE POLICY portal ON {schema}.{table} TO {SystemRole} USING (true) WITH CHECK (true);
                GRANT {systemMay} ON {schema}.{table} TO {SystemRole};
                """);
    }

    /// <summary>The same policy for a table of which one statement reads thousands of rows: the tenant is worked out once per statement and not once per row, which is more than half of what reading costs.</summary>
    public static void AskTenantOnce(this MigrationBuilder migration, string schema, params ReadOnlySpan<string> tables)
    {
        const string Own = "tenant_id = (SELECT NULLIF(current_setting('app.tenant', true), '')::uuid)";
        foreach (var table in tables)
            migration.Sql($"ALTER POLICY tenant ON {schema}.{table} USING ({Own}) WITH CHECK ({Own});");
    }

    /// <summary>A table without a tenant (accounts, key ring): the system role only.</summary>
    public static void OpenToSystem(this MigrationBuilder migration, string schema, string table, string systemMay = "SELECT, INSERT, UPDATE, DELETE") =>
        migration.Sql($"GRANT {systemMay} ON {schema}.{table} TO {SystemRole};");
}
