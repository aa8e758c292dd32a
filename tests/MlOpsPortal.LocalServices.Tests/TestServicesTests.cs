using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.LocalServices.Tests;

public sealed class TestServicesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_template_is_migrated_once_and_each_database_is_its_own_copy()
    {
        var services = await TestServices.GetAsync();
        var key = Guid.NewGuid().ToString();
        var migrations = 0;
        Task Migrate(DatabaseConnections connections, CancellationToken stop)
        {
            migrations++;
            return ExecuteAsync(connections.Owner, "CREATE SCHEMA demo; CREATE TABLE demo.things (id int); GRANT USAGE ON SCHEMA demo TO mlops_app; GRANT SELECT, INSERT ON demo.things TO mlops_app");
        }

        var first = await services.CreateDatabaseAsync(key, Migrate, Stop);
        var second = await services.CreateDatabaseAsync(key, Migrate, Stop);
        await ExecuteAsync(first.App, "INSERT INTO demo.things VALUES (1)");

        migrations.ShouldBe(1);
        (await ScalarAsync(first.App, "SELECT count(*) FROM demo.things")).ShouldBe(1L);
        (await ScalarAsync(second.App, "SELECT count(*) FROM demo.things")).ShouldBe(0L);
    }

    [Theory]
    [InlineData("CREATE TABLE public.mine (id int)")]
    [InlineData("CREATE SCHEMA mine")]
    [InlineData("CREATE TEMP TABLE mine (id int)")]
    [InlineData("CREATE ROLE mine")]
    [InlineData("CREATE DATABASE mine")]
    [InlineData("SET ROLE mlops_owner")]
    public async Task The_portals_roles_may_create_nothing(string sql)
    {
        var services = await TestServices.GetAsync();
        var database = await services.CreateDatabaseAsync("empty", (_, _) => Task.CompletedTask, Stop);
        foreach (var role in new[] { database.App, database.System })
            (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(role, sql))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task No_role_of_the_portal_sees_past_row_level_security()
    {
        var services = await TestServices.GetAsync();
        var database = await services.CreateDatabaseAsync("empty", (_, _) => Task.CompletedTask, Stop);
        (await ScalarAsync(database.App, "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'mlops\\_%' AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)")).ShouldBe(0L);
        (await ScalarAsync(database.App, "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'mlops\\_%'")).ShouldBe(3L);
    }

    [Fact]
    public async Task A_wrong_password_is_refused()
    {
        var services = await TestServices.GetAsync();
        var guess = new NpgsqlConnectionStringBuilder(services.Postgres.SuperuserConnection("postgres")) { Password = "postgres" };
        (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(guess.ConnectionString, "SELECT 1"))).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    private static async Task ExecuteAsync(string connectionString, string sql) => await ScalarAsync(connectionString, sql);

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Stop);
    }
}
