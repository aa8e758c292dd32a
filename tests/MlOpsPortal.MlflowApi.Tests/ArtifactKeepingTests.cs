using System.Net;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Testing;
using MlOpsPortal.Tracking;
using MlOpsPortal.Tracking.Artifacts;

namespace MlOpsPortal.MlflowApi;

/// <summary>What keeps files from changing and from being lost.</summary>
[Collection<PortalCollection>]
public sealed class ArtifactKeepingTests(PortalFixture portal)
{
    [Fact]
    public async Task What_a_registered_version_stands_on_is_changed_by_nobody_and_known_by_one_hash()
    {
        var (tenant, scientist, caller, experiment) = await ArrangeAsync();
        var model = await scientist.LoggedModelAsync(experiment);
        var key = $"{experiment}/models/{model}/artifacts";
        await scientist.PutAsync($"{key}/MLmodel", "a"u8.ToArray());
        await scientist.PutAsync($"{key}/data/model.bin", "b"u8.ToArray());
        var pins = portal.Portal.Services.GetRequiredService<ArtifactPins>();
        var address = new ArtifactAddress(ArtifactOwner.Of(LoggedModelId.Parse(model)), ArtifactPath.Root);

        var pinned = (await pins.PinAsync(caller, address, default)).Required();

        (pinned.Files, pinned.Bytes).ShouldBe((2, 2));
        (await pins.PinAsync(caller, address, default)).Required().Sha256.ShouldBe(pinned.Sha256);
        foreach (var member in new[] { scientist, tenant.Administrator })
        {
            await member.TryPutAsync($"{key}/MLmodel", [1]).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "PERMISSION_DENIED");
            await member.TryPutAsync($"{key}/new", [1]).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "PERMISSION_DENIED");
            await member.TryAsync(HttpMethod.Delete, $"{Wires.Proxy}{key}/data").ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "PERMISSION_DENIED");
            await member.TryAsync(HttpMethod.Delete, $"{Wires.Proxy}{key}").ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "PERMISSION_DENIED");
            await member.TryAsync(HttpMethod.Post, $"/api/2.0/mlflow-artifacts/mpu/create/{key}", new { path = "x", num_parts = 1 }).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "PERMISSION_DENIED");
        }

        await pins.UnpinAsync(caller, address, default);
        await scientist.PutAsync($"{key}/MLmodel", "c"u8.ToArray());
        (await pins.PinAsync(caller, address, default)).Required().Sha256.ShouldNotBe(pinned.Sha256);
    }

    [Fact]
    public async Task A_folder_of_a_run_is_pinned_and_the_rest_of_the_run_goes_on()
    {
        var (_, scientist, caller, experiment) = await ArrangeAsync();
        var run = await scientist.RunAsync(experiment);
        await scientist.PutAsync($"{experiment}/{run}/artifacts/model/MLmodel", "a"u8.ToArray());
        var pins = portal.Portal.Services.GetRequiredService<ArtifactPins>();
        (await pins.PinAsync(caller, ArtifactAddress.OfUri($"mlflow-artifacts:/{experiment}/{run}/artifacts/model")!, default)).Required(); // it is a uri of ours

        await scientist.TryPutAsync($"{experiment}/{run}/artifacts/model/MLmodel", [1]).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "PERMISSION_DENIED");
        await scientist.TryAsync(HttpMethod.Delete, $"{Wires.Proxy}{experiment}/{run}/artifacts").ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "PERMISSION_DENIED");
        await scientist.PutAsync($"{experiment}/{run}/artifacts/model-2/MLmodel", [1]);
    }

    [Fact]
    public async Task A_deleted_file_is_listed_and_comes_back_unless_a_newer_has_taken_its_place()
    {
        var (tenant, scientist, caller, experiment) = await ArrangeAsync();
        var run = await scientist.RunAsync(experiment);
        var key = $"{experiment}/{run}/artifacts";
        await scientist.PutAsync($"{key}/a/one", "old"u8.ToArray());
        await scientist.PutAsync($"{key}/a/two", "two"u8.ToArray());
        await scientist.CallAsync(HttpMethod.Delete, $"{Wires.Proxy}{key}/a");
        await scientist.PutAsync($"{key}/a/one", "new"u8.ToArray());
        var (desk, owner) = (portal.Portal.Services.GetRequiredService<ArtifactDesk>(), ArtifactOwner.Of(RunId.Parse(run)));

        (await desk.ListDeletedAsync(caller, owner, default)).Required().Select(file => file.Path.Text).ShouldBe(["a/one", "a/two"]);
        var viewer = caller with { User = tenant[Role.Viewer].Id };
        (await desk.RestoreAsync(viewer, new ArtifactAddress(owner, ArtifactPath.Root), default)).IsOk.ShouldBeFalse();
        (await desk.RestoreAsync(caller, new ArtifactAddress(owner, ArtifactPath.Root), default)).Required().ShouldBe(new ArtifactCount(1, 3));

        (await scientist.Client.GetStringAsync($"{Wires.Proxy}{key}/a/one")).ShouldBe("new");
        (await scientist.Client.GetStringAsync($"{Wires.Proxy}{key}/a/two")).ShouldBe("two");
    }

    [Fact]
    public async Task The_sweep_leaves_what_can_still_be_restored()
    {
        var (_, scientist, _, experiment) = await ArrangeAsync();
        var (run, model) = (await scientist.RunAsync(experiment), await scientist.LoggedModelAsync(experiment));
        await scientist.PutAsync($"{experiment}/{run}/artifacts/a", "a"u8.ToArray());
        await scientist.CallAsync(HttpMethod.Delete, $"{Wires.Proxy}{experiment}/{run}/artifacts/a");
        await scientist.CallAsync(HttpMethod.Delete, $"logged-models/{model}");

        await portal.Portal.Services.GetRequiredService<ArtifactSweeper>().SweepAsync(default);

        await scientist.CallAsync(HttpMethod.Get, $"logged-models/{model}?allow_deleted=true");
        await using var database = Npgsql.NpgsqlDataSource.Create(portal.Portal.Database.Owner);
        foreach (var table in new[] { "deleted_artifacts", "logged_models" })
            await ExecuteAsync(database, $"UPDATE tracking.{table} SET deleted_at = now() - interval '31 days' WHERE {(table == "logged_models" ? $"id = '{LoggedModelId.Parse(model).Value}'" : $"owner_id = '{RunId.Parse(run).Value}'")}");

        await portal.Portal.Services.GetRequiredService<ArtifactSweeper>().SweepAsync(default);

        await scientist.TryAsync(HttpMethod.Get, $"logged-models/{model}?allow_deleted=true").ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        (await ExecuteAsync(database, $"DELETE FROM tracking.deleted_artifacts WHERE owner_id = '{RunId.Parse(run).Value}'")).ShouldBe(0);
    }

    private static async Task<int> ExecuteAsync(Npgsql.NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    private async Task<(TestTenant Tenant, TestMember Scientist, Caller Caller, string Experiment)> ArrangeAsync()
    {
        var tenant = await portal.TenantAsync("Keeping");
        var scientist = tenant[Role.DataScientist];
        return (tenant, scientist, new Caller(tenant.Id, scientist.Id, scientist.Name), await scientist.ExperimentAsync(await tenant.ProjectAsync("Churn"), $"e-{Guid.NewGuid():n}"));
    }
}
