using System.Net;
using System.Text.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;
using static MlOpsPortal.Registry.RegistryWire;

namespace MlOpsPortal.Registry.Governance;

[Collection<PortalCollection>]
public sealed class ProtectedMoveTests(PortalFixture portal)
{
    [Fact]
    public async Task Moving_the_champion_is_asked_for_decided_by_another_and_then_done()
    {
        var tenant = await portal.TenantAsync("Moves");
        var ada = tenant[Role.DataScientist];
        await VersionAsync(tenant, ada, "m");

        var message = await ada.RefusedAsync("POST", "registered-models/alias", new { name = "m", alias = "champion", version = "1" }, HttpStatusCode.Forbidden, "PERMISSION_DENIED");
        message.ShouldContain($"/t/{tenant.Slug}/registry/requests/");
        (await ada.RefusedAsync("POST", "registered-models/alias", new { name = "m", alias = "champion", version = "1" }, HttpStatusCode.Forbidden, "PERMISSION_DENIED")).ShouldBe(message);
        await ada.RefusedAsync("GET", "registered-models/alias?name=m&alias=champion", null, HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");

        var owner = tenant[Role.BusinessOwner];
        using var work = await owner.Client.GetAsync("/api/v1/work");
        (await work.RequiredAsync()).ToString().ShouldContain("Decide about champion of m to version 1");
        var id = message.Split("/requests/")[1].TrimEnd('.');
        using (var own = await ada.Client.PostAsync(new Uri($"/api/v1/move-requests/{id}/approve", UriKind.Relative), Comment("me")))
            own.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using (var approved = await owner.Client.PostAsync(new Uri($"/api/v1/move-requests/{id}/approve", UriKind.Relative), Comment("looked at it")))
            Text(await approved.RequiredAsync(), "state").ShouldBe("approved");
        Text(await ada.CallAsync("GET", "registered-models/alias?name=m&alias=champion"), "model_version", "version").ShouldBe("1");
        using (var again = await owner.Client.PostAsync(new Uri($"/api/v1/move-requests/{id}/reject", UriKind.Relative), Comment("late")))
            again.StatusCode.ShouldBe(HttpStatusCode.Conflict);

        using var history = await ada.Client.GetAsync("/api/v1/registered-models/m/history");
        var moved = (await history.RequiredAsync()).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        (Text(moved, "name"), Text(moved, "to"), Text(moved, "by"), Text(moved, "askedBy")).ShouldBe(("champion", "1", owner.Name, ada.Name));
        await ada.CallAsync("POST", "registered-models/alias", new { name = "m", alias = "champion", version = "1" });
        await ada.RefusedAsync("DELETE", "model-versions/delete", new { name = "m", version = "1" }, HttpStatusCode.Forbidden, "PERMISSION_DENIED");
        await ada.RefusedAsync("DELETE", "registered-models/delete", new { name = "m" }, HttpStatusCode.Forbidden, "PERMISSION_DENIED");
    }

    [Fact]
    public async Task A_stage_is_asked_for_until_the_tenant_lets_stages_move()
    {
        var tenant = await portal.TenantAsync("Stages");
        var ada = tenant[Role.DataScientist];
        await VersionAsync(tenant, ada, "m");

        await ada.RefusedAsync("POST", "model-versions/transition-stage", new { name = "m", version = "1", stage = "production" }, HttpStatusCode.Forbidden, "PERMISSION_DENIED");
        await ada.RefusedAsync("POST", "model-versions/transition-stage", new { name = "m", version = "1", stage = "Live" }, HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await ada.RefusedAsync("POST", "model-versions/transition-stage", new { name = "m", version = "1", stage = "Archived", archive_existing_versions = true }, HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");

        using (var mine = await ada.Client.PutAsync(new Uri("/api/v1/settings/registry", UriKind.Relative), Json(new { protectedAliases = Array.Empty<string>(), protectStages = false })))
            mine.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using (var set = await tenant[Role.RiskManager].Client.PutAsync(new Uri("/api/v1/settings/registry", UriKind.Relative), Json(new { protectedAliases = Array.Empty<string>(), protectStages = false })))
            await set.RequiredAsync();
        var moved = await ada.CallAsync("POST", "model-versions/transition-stage", new { name = "m", version = "1", stage = "PRODUCTION", archive_existing_versions = true });
        Text(moved, "model_version", "current_stage").ShouldBe("Production");
        await ada.CallAsync("POST", "registered-models/alias", new { name = "m", alias = "champion", version = "1" });
    }

    private static async Task VersionAsync(TestTenant tenant, TestMember ada, string name)
    {
        var project = await tenant.ProjectAsync("Moves");
        var experiment = await ada.ExperimentAsync(project);
        await ada.ModelAsync(name, project);
        await ada.VersionAsync(name, experiment, await ada.RunAsync(experiment));
    }

    private static StringContent Comment(string comment) => Json(new { comment });

    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");
}
