using Npgsql;

namespace MlOpsPortal.Architecture.Data;

/// <summary>A table of the migrated database and what guards it.</summary>
/// <param name="Name">Schema and table.</param>
/// <param name="HasTenant">Has a column <c>tenant_id</c>.</param>
/// <param name="IsSecured">Row-level security is enabled, and not forced.</param>
/// <param name="AppMay">Privileges of mlops_app.</param>
/// <param name="SystemMay">Privileges of mlops_system.</param>
internal sealed record Table(string Name, bool HasTenant, bool IsSecured, string[] AppMay, string[] SystemMay)
{
    /// <summary>Everything but PostgreSQL's own.</summary>
    public static Task<List<Table>> ReadAsync(string owner) => QueryAsync(
        owner,
        """
        SELECT format('%s.%s', schema.nspname, class.relname),
               EXISTS (SELECT FROM pg_attribute WHERE attrelid = class.oid AND attname = 'tenant_id' AND NOT attisdropped),
               class.relrowsecurity AND NOT class.relforcerowsecurity,
               ARRAY(SELECT privilege FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) privilege WHERE has_table_privilege('mlops_app', class.oid, privilege)),
               ARRAY(SELECT privilege FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) privilege WHERE has_table_privilege('mlops_system', class.oid, privilege))
        FROM pg_class class JOIN pg_namespace schema ON schema.oid = class.relnamespace
        WHERE class.relkind IN ('r', 'p', 'f', 'm', 'v') AND schema.nspname !~ '^pg_' AND schema.nspname <> 'information_schema'
        ORDER BY 1
        """,
        row => new Table(row.GetString(0), row.GetBoolean(1), row.GetBoolean(2), row.GetFieldValue<string[]>(3), row.GetFieldValue<string[]>(4)));

    public static async Task<List<T>> QueryAsync<T>(string connection, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { Pooling = false });
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        return rows;
    }
}

/// <summary>A policy of row-level security.</summary>
internal sealed record Policy(string Table, string Role, string Command, string Using, string Check)
{
    public static Task<List<Policy>> ReadAsync(string owner) => Data.Table.QueryAsync(
        owner,
        "SELECT format('%s.%s', schemaname, tablename), unnest(roles)::text, cmd, coalesce(qual, ''), coalesce(with_check, '') FROM pg_policies",
        row => new Policy(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)));
}
