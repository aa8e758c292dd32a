using System.Net;
using System.Net.Http.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.EndToEnd.Limits;

/// <summary>What an operator has allowed a tenant holds in the modules that let something grow.</summary>
public sealed class TenantLimitTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task No_project_is_made_beyond_the_limit_until_one_is_archived()
    {
        var tenant = await portal.TenantAsync("Small");
        await LimitAsync(tenant, "max_projects = 1");
        var owner = tenant[Role.BusinessOwner];
        var first = await TestTenant.ProjectOfAsync(owner, "The one");
        using (var refused = await owner.Client.PostAsJsonAsync("/api/v1/projects", new { name = "Another", summary = "One too many" }))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
            (await refused.CodeAsync()).ShouldBe("limits.projects");
        }

        await owner.PostAsync($"/api/v1/projects/{first.Id}/archive", new { reason = "room" });
        await TestTenant.ProjectOfAsync(owner, "Another");
    }

    [Fact]
    public async Task No_file_is_begun_that_would_not_fit_beside_those_that_are_coming()
    {
        var tenant = await portal.TenantAsync("Tight");
        await LimitAsync(tenant, "max_storage = 1000");
        var client = tenant[Role.DataScientist].Client;
        using (var fits = await client.PostAsJsonAsync("/api/v1/uploads", new { fileName = "a.csv", length = 700, sha256 = new string('a', 64) }))
            fits.StatusCode.ShouldBe(HttpStatusCode.Created);
        using var refused = await client.PostAsJsonAsync("/api/v1/uploads", new { fileName = "b.csv", length = 400, sha256 = new string('b', 64) });
        refused.StatusCode.ShouldBe(HttpStatusCode.InsufficientStorage);
        (await refused.CodeAsync()).ShouldBe("limits.storage");
    }

    private async Task LimitAsync(TestTenant tenant, string limit)
    {
        await using var owner = NpgsqlDataSource.Create(portal.Portal.Database.Owner);
        await using var set = owner.CreateCommand($"UPDATE access.tenants SET {limit} WHERE id = '{tenant.Id.Value}'");
        (await set.ExecuteNonQueryAsync()).ShouldBe(1);
    }
}
