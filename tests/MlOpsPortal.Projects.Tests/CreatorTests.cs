using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.Projects.Tests;

[Collection<PortalCollection>]
public sealed class CreatorTests(PortalFixture portal)
{
    [Fact]
    public async Task A_project_whose_creation_dies_before_its_creator_is_a_member_is_not_there_and_its_repeat_is()
    {
        var tenant = await portal.TenantAsync("Rowan");
        var creator = tenant[Role.BusinessOwner];
        await using var owner = NpgsqlDataSource.Create(portal.Portal.Database.Owner);
        var name = "dies_" + Guid.CreateVersion7().ToString("n");

        // The connection dies at the very statement: what was sent before it is not committed, as when the process is killed there.
        await RunAsync(owner, $"""
            CREATE FUNCTION access.{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
            CREATE TRIGGER {name} BEFORE INSERT ON access.scope_memberships FOR EACH ROW WHEN (NEW.tenant_id = '{tenant.Id.Value}') EXECUTE FUNCTION access.{name}();
            """);
        try
        {
            using var died = await CreateAsync(creator);
            died.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        }
        finally
        {
            await RunAsync(owner, $"DROP FUNCTION access.{name} CASCADE");
        }

        (await CountAsync(owner, "projects.projects", tenant)).ShouldBe(0);

        using var repeated = await CreateAsync(creator);
        var project = (await repeated.RequiredAsync()).GetProperty("project").GetProperty("id").GetString();
        (await creator.Client.GetFromJsonAsync<JsonElement>($"/api/v1/projects/{project}")).GetProperty("project").GetProperty("name").GetString().ShouldBe("Offers near you");
        (await CountAsync(owner, "projects.projects", tenant)).ShouldBe(1);
        (await CountAsync(owner, "access.scope_memberships", tenant)).ShouldBe(1);
    }

    private static async Task<HttpResponseMessage> CreateAsync(TestMember creator)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/projects") { Content = JsonContent.Create(new { name = "Offers near you", summary = "Tell each shopper." }) };
        request.Headers.Add("Idempotency-Key", "the one creation");
        return await creator.Client.SendAsync(request);
    }

    private static async Task RunAsync(NpgsqlDataSource owner, string sql)
    {
        await using var command = owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> CountAsync(NpgsqlDataSource owner, string table, TestTenant tenant)
    {
        await using var command = owner.CreateCommand($"SELECT count(*) FROM {table} WHERE tenant_id = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = tenant.Id.Value });
        return (long)(await command.ExecuteScalarAsync() ?? 0L);
    }
}
