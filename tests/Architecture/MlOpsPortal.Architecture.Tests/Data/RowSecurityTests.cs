using System.Net.Http.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.Architecture.Data;

/// <summary>What two tenants have in the database, seen by the app role over one single connection, which every tenant's work shares.</summary>
[Collection<PortalCollection>]
public sealed class RowSecurityTests(PortalFixture portal)
{
    [Fact]
    public async Task One_pooled_connection_shows_each_tenant_its_own_rows_and_nobody_any()
    {
        var (ours, theirs) = (await PopulatedAsync("Ours"), await PopulatedAsync("Theirs"));
        var tables = (await Table.ReadAsync(portal.Portal.Database.Owner)).Where(table => table.HasTenant && table.AppMay.Contains("SELECT")).Select(table => table.Name).ToList();
        await using var source = OneConnection();

        foreach (var tenant in new[] { ours, theirs, ours })
        {
            foreach (var table in tables)
                (await CountAsync(source, null, $"SELECT count(*) FROM {table}")).ShouldBe(0, $"{table}, before a tenant was named");
            var seen = 0L;
            foreach (var table in tables)
            {
                (await CountAsync(source, tenant, $"SELECT count(*) FROM {table} WHERE tenant_id <> '{tenant.Id.Value}'")).ShouldBe(0, $"{table}: rows of others");
                seen += await CountAsync(source, tenant, $"SELECT count(*) FROM {table}");
            }

            seen.ShouldBeGreaterThan(20, "the tenant's own rows");
            (await CountAsync(source, tenant, "SELECT count(*) FROM projects.projects")).ShouldBe(1);
        }
    }

    [Fact]
    public async Task No_tenant_writes_into_another()
    {
        var (ours, theirs) = (await PopulatedAsync("Writer"), await PopulatedAsync("Victim"));
        await using var source = OneConnection();

        (await RefusedAsync(source, ours, $"INSERT INTO platform.blobs (tenant_id, id, length, sha256, purpose, created_at) VALUES ('{theirs.Id.Value}', gen_random_uuid(), 1, '', '', now())"))
            .ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await RefusedAsync(source, ours, $"UPDATE projects.projects SET tenant_id = '{theirs.Id.Value}'")).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await RefusedAsync(source, null, $"INSERT INTO platform.blobs (tenant_id, id, length, sha256, purpose, created_at) VALUES ('{theirs.Id.Value}', gen_random_uuid(), 1, '', '', now())"))
            .ShouldBe(PostgresErrorCodes.InsufficientPrivilege);

        (await ChangedAsync(source, ours, $"UPDATE projects.projects SET summary = 'taken' WHERE tenant_id = '{theirs.Id.Value}'")).ShouldBe(0);
        (await ChangedAsync(source, ours, $"DELETE FROM projects.projects WHERE tenant_id = '{theirs.Id.Value}'")).ShouldBe(0);
        (await ChangedAsync(source, null, "UPDATE projects.projects SET summary = 'taken'")).ShouldBe(0);
    }

    /// <summary>The trail and what was answered are written once.</summary>
    [Fact]
    public async Task Nobody_changes_the_audit_trail()
    {
        var tenant = await PopulatedAsync("Trail");
        await using var source = OneConnection();

        (await RefusedAsync(source, tenant, "UPDATE platform.audit SET actor_name = 'somebody else'")).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await RefusedAsync(source, tenant, "DELETE FROM platform.audit")).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        foreach (var change in new[] { "UPDATE audit.seals SET sequence = 1", "DELETE FROM audit.seals", $"INSERT INTO audit.seals VALUES ('{tenant.Id.Value}', 1, gen_random_uuid(), '', now())" })
            (await RefusedAsync(source, tenant, change)).ShouldBe(PostgresErrorCodes.InsufficientPrivilege, change);
    }

    private async Task<TestTenant> PopulatedAsync(string name)
    {
        var tenant = await portal.TenantAsync(name);
        await tenant.ProjectAsync("Churn");
        (await tenant[Role.DataScientist].Client.PostAsJsonAsync("/api/v1/uploads", new { fileName = "a.csv", length = 3, sha256 = new string('a', 64) })).EnsureSuccessStatusCode();
        return tenant;
    }

    private NpgsqlDataSource OneConnection() => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(portal.Portal.Database.App) { MaxPoolSize = 1 });

    /// <summary>As the portal does it: the tenant is set when the connection opens, and Npgsql resets it when the connection goes back.</summary>
    private static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, TestTenant? tenant)
    {
        var connection = await source.OpenConnectionAsync();
        if (tenant is not null)
        {
            await using var set = new NpgsqlCommand("SELECT set_config('app.tenant', $1, false)", connection) { Parameters = { new() { Value = tenant.Id.Value.ToString("d") } } };
            await set.ExecuteNonQueryAsync();
        }

        return connection;
    }

    private static async Task<long> CountAsync(NpgsqlDataSource source, TestTenant? tenant, string sql)
    {
        await using var connection = await OpenAsync(source, tenant);
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!; // a count
    }

    private static async Task<int> ChangedAsync(NpgsqlDataSource source, TestTenant? tenant, string sql)
    {
        await using var connection = await OpenAsync(source, tenant);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> RefusedAsync(NpgsqlDataSource source, TestTenant? tenant, string sql) =>
        (await Should.ThrowAsync<PostgresException>(() => ChangedAsync(source, tenant, sql))).SqlState;
}
