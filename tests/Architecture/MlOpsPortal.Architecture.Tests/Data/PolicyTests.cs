using MlOpsPortal.LocalServices;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Architecture.Data;

/// <summary>Row-level security of the database as the migrations make it.</summary>
public sealed class PolicyTests(PolicyTests.Migrated database) : IClassFixture<PolicyTests.Migrated>
{
    /// <summary>The tenant of the connection, asked for each row or once for the statement.</summary>
    private static readonly string[] Own =
    [
        "(tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)",
        "(tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS \"nullif\"))",
    ];

    /// <summary>A table without a policy must be out of the role's reach.</summary>
    [Fact]
    public async Task Every_table_of_tenants_shows_the_app_role_its_own_tenant_only()
    {
        var tables = await Table.ReadAsync(database.Owner);
        var policies = (await Policy.ReadAsync(database.Owner)).Where(policy => policy.Role == "mlops_app").ToLookup(policy => policy.Table);

        tables.Count(table => table.HasTenant).ShouldBeGreaterThan(10);
        tables.Where(table => table.HasTenant && table.AppMay.Length > 0)
            .Where(table => !table.IsSecured || policies[table.Name].SingleOrDefault() is not { Command: "ALL" } policy || !Own.Contains(policy.Using) || policy.Check != policy.Using)
            .Select(table => table.Name).ShouldBeEmpty();
    }

    /// <summary>A mail is put in with the change it tells of, and seen by nobody but its sender.</summary>
    [Fact]
    public async Task A_table_without_a_tenant_is_out_of_the_app_roles_reach() =>
        (await Table.ReadAsync(database.Owner)).Where(table => !table.HasTenant && table.AppMay.Length > 0 && !(table.Name == "platform.mails" && table.AppMay is ["INSERT"]))
            .Select(table => table.Name).ShouldBeEmpty();

    [Fact]
    public async Task The_app_role_reaches_every_table_of_tenants_or_nobody_does() =>
        (await Table.ReadAsync(database.Owner)).Where(table => table.HasTenant && !table.IsSecured && table.SystemMay.Length > 0).Select(table => table.Name).ShouldBeEmpty();

    [Fact]
    public async Task The_system_role_sees_exactly_the_tables_of_the_committed_list()
    {
        var listed = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "system-tables.md"))
            .Where(line => line.StartsWith('|')).Skip(2).Select(line => line.Split('|')[1].Trim()).ToList();
        var tables = (await Table.ReadAsync(database.Owner)).Where(table => table.HasTenant && table.SystemMay.Length > 0).Select(table => table.Name);
        var policies = (await Policy.ReadAsync(database.Owner)).Where(policy => policy.Role == "mlops_system").Select(policy => policy.Table);

        policies.ShouldBe(listed, ignoreOrder: true);
        tables.ShouldBe(listed, ignoreOrder: true);
    }

    [Fact]
    public async Task Nobody_else_has_a_policy() =>
        (await Policy.ReadAsync(database.Owner)).Select(policy => policy.Role).Distinct(StringComparer.Ordinal).ShouldBe(["mlops_app", "mlops_system"], ignoreOrder: true);

    [Fact]
    public async Task The_portals_roles_own_nothing_and_bypass_nothing()
    {
        var mighty = await Table.QueryAsync(
            database.Owner,
            """
            SELECT format('%s: %s', role.rolname, class.relname) FROM pg_roles role JOIN pg_class class ON class.relowner = role.oid WHERE role.rolname IN ('mlops_app', 'mlops_system')
            UNION ALL SELECT rolname FROM pg_roles WHERE rolname IN ('mlops_app', 'mlops_system') AND (rolbypassrls OR rolsuper OR rolcreaterole OR rolcreatedb)
            UNION ALL SELECT format('%s is a member of %s', member.rolname, granted.rolname)
                FROM pg_auth_members JOIN pg_roles member ON member.oid = pg_auth_members.member JOIN pg_roles granted ON granted.oid = pg_auth_members.roleid
                WHERE member.rolname IN ('mlops_app', 'mlops_system')
            """,
            row => row.GetString(0));

        mighty.ShouldBeEmpty();
    }

    /// <summary>Unique indexes of tenants' tables begin with the tenant, so that nobody probes another's names; secrets' hashes cannot be guessed.</summary>
    [Fact]
    public async Task Unique_indexes_begin_with_the_tenant()
    {
        var found = await Table.QueryAsync(
            database.Owner,
            """
            SELECT DISTINCT format('%s.%s', schema.nspname, name.relname)
            FROM pg_index index JOIN pg_class name ON name.oid = index.indexrelid JOIN pg_class class ON class.oid = index.indrelid JOIN pg_namespace schema ON schema.oid = class.relnamespace
            WHERE index.indisunique AND schema.nspname !~ '^pg_' AND schema.nspname <> 'information_schema' AND NOT class.relispartition
              AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = class.oid AND attname = 'tenant_id')
              AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = class.oid AND attname = 'tenant_id' AND attnum = index.indkey[0])
            """,
            row => (row.GetString(0), "tenant is not first"));

        Code.CommittedList.Differences(found, Code.CommittedList.Read("exceptions.md", "Unique indexes")).ShouldBeEmpty();
    }

    /// <summary>A database with every module's schema and nothing in it.</summary>
    public sealed class Migrated : IAsyncLifetime
    {
        public string Owner { get; private set; } = "";

        public async ValueTask InitializeAsync() => Owner = (await PortalDatabases.CreateAsync(CancellationToken.None)).Owner;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
