using System.Net;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Registry.Data;
using MlOpsPortal.Testing;
using MlOpsPortal.Tracking;
using Npgsql;
using static MlOpsPortal.Registry.RegistryWire;

namespace MlOpsPortal.Registry;

/// <summary>What was deleted stays for thirty days; what a version stands on stays as long as the version.</summary>
[Collection<PortalCollection>]
public sealed class RegistrySweeperTests(PortalFixture portal)
{
    private RegistrySweeper Sweeper => portal.Portal.Services.GetRequiredService<RegistrySweeper>();

    [Fact]
    public async Task Models_and_versions_go_when_their_window_has_passed_and_not_before()
    {
        var (tenant, ada, experiment) = await ArrangeAsync();
        var run = await LoggedAsync(ada, experiment);
        foreach (var name in (string[])["old", "young", "kept"])
        {
            await ada.ModelAsync(name);
            await ada.VersionAsync(name, experiment, run);
        }

        await ada.VersionAsync("kept", experiment, run);
        await ada.CallAsync("POST", "registered-models/alias", new { name = "old", alias = "candidate", version = "1" });
        foreach (var name in (string[])["old", "young"])
            await ada.CallAsync("DELETE", "registered-models/delete", new { name });
        await ada.CallAsync("DELETE", "model-versions/delete", new { name = "kept", version = "1" });
        await AgeAsync("registered_models", $"name = 'old' AND tenant_id = '{tenant.Id.Value}'");
        await AgeAsync("model_versions", $"number = 1 AND model_id = (SELECT id FROM registry.registered_models WHERE name = 'kept' AND tenant_id = '{tenant.Id.Value}')");

        await Sweeper.SweepAsync(TestContext.Current.CancellationToken);
        await Sweeper.SweepAsync(TestContext.Current.CancellationToken);

        (await CountAsync("registered_models", tenant, "name = 'old'")).ShouldBe(0);
        (await CountAsync("model_aliases", tenant, "true")).ShouldBe(0);
        (await CountAsync("registered_models", tenant, "name = 'young'")).ShouldBe(1);
        (await CountAsync("model_versions", tenant, "true")).ShouldBe(2); // young's, and the second of kept
        Text(await ada.CallAsync("GET", "model-versions/get?name=kept&version=2"), "model_version", "version").ShouldBe("2");
        await ada.RefusedAsync("GET", "model-versions/get?name=kept&version=1", null, HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        (await PutAsync(ada, experiment, run)).ShouldBe(HttpStatusCode.Forbidden, "two versions stand on it still");
    }

    [Fact]
    public async Task A_deleted_run_is_kept_for_its_version_and_goes_after_it()
    {
        var (tenant, ada, experiment) = await ArrangeAsync();
        var run = await LoggedAsync(ada, experiment);
        await ada.ModelAsync("m");
        await ada.VersionAsync("m", experiment, run);
        await ada.CallAsync("POST", "experiments/delete", new { experiment_id = experiment });
        await AgeAsync("tracking.experiments", $"id = '{ExperimentId.Parse(experiment).Value}'");
        var tracking = portal.Portal.Services.GetRequiredService<TrackingSweeper>();

        await tracking.SweepAsync(TestContext.Current.CancellationToken);
        await ada.CallAsync("GET", $"runs/get?run_id={run}");

        await ada.CallAsync("DELETE", "registered-models/delete", new { name = "m" });
        await AgeAsync("registered_models", $"tenant_id = '{tenant.Id.Value}'");
        (await Sweeper.SweepAsync(TestContext.Current.CancellationToken)).ShouldBeGreaterThanOrEqualTo(1);
        await tracking.SweepAsync(TestContext.Current.CancellationToken);

        await ada.RefusedAsync("GET", $"runs/get?run_id={run}", null, HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        await ada.RefusedAsync("GET", $"experiments/get?experiment_id={experiment}", null, HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
    }

    private async Task<(TestTenant Tenant, TestMember Ada, string Experiment)> ArrangeAsync()
    {
        var tenant = await portal.TenantAsync("Sweep");
        return (tenant, tenant[Role.DataScientist], await tenant[Role.DataScientist].ExperimentAsync(await tenant.ProjectAsync("Sweep")));
    }

    private static async Task<string> LoggedAsync(TestMember ada, string experiment)
    {
        var run = await ada.RunAsync(experiment);
        await ada.PutAsync($"{experiment}/{run}/artifacts/model/weights.bin", [1, 2, 3]);
        return run;
    }

    private static async Task<HttpStatusCode> PutAsync(TestMember ada, string experiment, string run)
    {
        using var answer = await ada.Client.PutAsync(new Uri($"/api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/model/weights.bin", UriKind.Relative), new ByteArrayContent([4]));
        return answer.StatusCode;
    }

    /// <summary>As if it had been deleted a month ago.</summary>
    private Task<int> AgeAsync(string table, string which) => AsOwnerAsync($"UPDATE {Qualified(table)} SET deleted_at = deleted_at - interval '31 days' WHERE {which}", async command =>
    {
        var aged = await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        aged.ShouldBe(1);
        return aged;
    });

    private Task<int> CountAsync(string table, TestTenant tenant, string which) => AsOwnerAsync(
        $"SELECT count(*) FROM {Qualified(table)} WHERE tenant_id = '{tenant.Id.Value}' AND {which}",
        async command => (int)(long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!); // a count is never null

    private async Task<int> AsOwnerAsync(string sql, Func<NpgsqlCommand, Task<int>> run)
    {
        await using var owner = NpgsqlDataSource.Create(portal.Portal.Database.Owner);
        await using var command = owner.CreateCommand(sql);
        return await run(command);
    }

    private static string Qualified(string table) => table.Contains('.', StringComparison.Ordinal) ? table : "registry." + table;
}
