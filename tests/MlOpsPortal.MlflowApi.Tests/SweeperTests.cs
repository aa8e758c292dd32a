using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;
using MlOpsPortal.Tracking;
using Npgsql;

namespace MlOpsPortal.MlflowApi;

/// <summary>What was deleted stays for thirty days.</summary>
[Collection<PortalCollection>]
public sealed class SweeperTests(PortalFixture portal)
{
    [Fact]
    public async Task Runs_and_experiments_go_when_their_window_has_passed_and_not_before()
    {
        var ada = (await portal.TenantAsync("Sweep"))[Role.DataScientist];
        var (old, young) = (await ada.ExperimentAsync("old"), await ada.ExperimentAsync("young"));
        var (inOld, inYoung, kept) = (await ada.RunAsync(old), await ada.RunAsync(young), await ada.RunAsync(young));
        foreach (var run in (string[])[inOld, inYoung, kept])
            (await ada.LogAsync(run, new[] { new { key = "m", value = 1.0, timestamp = 1 } }, new[] { new { key = "p", value = "1" } })).Fine();
        (await ada.PostAsync("experiments/delete", new { experiment_id = old })).Fine();
        (await ada.PostAsync("runs/delete", new { run_id = inYoung })).Fine();
        var sweeper = portal.Portal.Services.GetRequiredService<TrackingSweeper>();

        await sweeper.SweepAsync(TestContext.Current.CancellationToken);
        (await ada.AskAsync($"runs/get?run_id={inOld}")).Fine();
        await AgeAsync("experiments", old);
        await AgeAsync("runs", inYoung);
        await sweeper.SweepAsync(TestContext.Current.CancellationToken);

        (await ada.AskAsync($"runs/get?run_id={inOld}")).Refused(404, "RESOURCE_DOES_NOT_EXIST");
        (await ada.AskAsync($"experiments/get?experiment_id={old}")).Refused(404, "RESOURCE_DOES_NOT_EXIST");
        (await ada.AskAsync($"runs/get?run_id={inYoung}")).Refused(404, "RESOURCE_DOES_NOT_EXIST");
        (await ada.AskAsync($"runs/get?run_id={kept}")).Fine().At("run", "data", "metrics").GetArrayLength().ShouldBe(1);
    }

    /// <summary>As if it had been deleted a month ago.</summary>
    private async Task AgeAsync(string table, string id)
    {
        await using var owner = NpgsqlDataSource.Create(portal.Portal.Database.Owner);
        await using var age = owner.CreateCommand($"UPDATE tracking.{table} SET deleted_at = deleted_at - interval '31 days' WHERE id = $1");
        age.Parameters.Add(new NpgsqlParameter { Value = Guid.ParseExact(id, "n") });
        (await age.ExecuteNonQueryAsync()).ShouldBe(1);
    }
}
