using System.Globalization;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.EndToEnd.Kill;

/// <summary>A portal that dies in the middle of its work, again and again.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Clients = 8;
    private const int Operations = 500;
    private const int Kills = 5;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_or_done_twice_or_left_half_done()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("MLOPSPORTAL_KILL_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var portal = await PortalProcess.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Jobs:HeartStopped"] = "00:00:05" }, TestContext.Current.CancellationToken);
        var tenant = await portal.TenantAsync("Survivor");
        var (killer, writers) = await ArrangeAsync(portal, tenant, random);

        await WriteAsync(killer, writers, Operation.Shuffled(Operations, random));
        await killer.PortalIsBack;

        await using var owner = NpgsqlDataSource.Create(portal.Database.Owner);
        await JudgeAsync(new Ledger(owner, tenant), writers, portal, killer);
    }

    private static async Task<(Killer Killer, Writers Writers)> ArrangeAsync(PortalProcess portal, TestTenant tenant, Random random)
    {
        var (scientist, samples) = (tenant[Role.DataScientist], Path.Combine(Repository.Samples, "breast_cancer"));
        var projects = new List<TestProject>();
        for (var number = 0; number < Clients; number++)
            projects.Add(await tenant.ProjectAsync(string.Create(CultureInfo.InvariantCulture, $"Objectives {number}")));
        var training = await scientist.DatasetAsync(projects[0], "training", Path.Combine(samples, "train.csv"), "training", "target");
        var model = Modelling.Text((await scientist.PostAsync("/api/v1/models", new { project = projects[0].Id, name = "model", task = "binary" })).GetProperty("model"), "id");
        var version = await scientist.VersionAsync(model, Path.Combine(samples, "models", "logistic.onnx"), "target", training, "logistic");
        var engineer = tenant[Role.MlOpsEngineer];
        var endpoint = Modelling.Text((await engineer.PostAsync("/api/v1/endpoints", new { project = projects[0].Id, name = "survivor", environment = "sandbox", model })).GetProperty("deployment"), "id");
        await engineer.DeployAsync(endpoint, version);
        var killer = new Killer(portal, Enumerable.Range(0, Kills).Select(kill => (kill * Operations / Kills) + random.Next(20, Operations / Kills)));
        return (killer, new Writers(tenant, "survivor", model, projects) { PortalIsBack = () => killer.PortalIsBack });
    }

    private static Task WriteAsync(Killer killer, Writers writers, Operation[] operations) => Parallel.ForEachAsync(
        operations,
        new ParallelOptions { MaxDegreeOfParallelism = Clients },
        async (operation, _) =>
        {
            killer.Note();
            await writers.DoAsync(operation);
        });

    private async Task JudgeAsync(Ledger ledger, Writers writers, PortalProcess portal, Killer killer)
    {
        var acknowledged = writers.Outcomes.Where(outcome => outcome.Value == Outcome.Acknowledged).Select(outcome => outcome.Key).ToList();
        var unknown = writers.Outcomes.Where(outcome => outcome.Value == Outcome.Unknown).Select(outcome => outcome.Key).ToList();
        await SettleAsync(ledger, acknowledged);
        var found = await ledger.FoundAsync();

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{killer.Restarts.Count} kills, ready again after {string.Join(", ", killer.Restarts.Select(restart => $"{restart.TotalSeconds:0.0}"))} s"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{acknowledged.Count} acknowledged, {acknowledged.Count(key => found.GetValueOrDefault(key) == 1)} of them found once"));
        var predictions = await ledger.PredictionsAsync();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{unknown.Count} unknown, {unknown.Count(found.ContainsKey)} of them found; {predictions} predictions in the log"));
        // Seen only where nobody asked again: the same request, repeated, makes the creator a member.
        output.WriteLine($"projects that their creator is no member of: {string.Join(", ", await ledger.WithoutMemberAsync())}");

        killer.Restarts.Count.ShouldBe(Kills);
        writers.Outcomes.Count.ShouldBe(Operations);
        acknowledged.Where(key => found.GetValueOrDefault(key) == 0).ShouldBeEmpty("acknowledged and lost");
        found.Where(entry => entry.Value > 1).Select(entry => entry.Key).ShouldBeEmpty("done twice");
        found.Keys.Except(writers.Outcomes.Keys, StringComparer.Ordinal).ShouldBeEmpty("done and never asked for");
        (await ledger.HalfWrittenAsync()).ShouldBeEmpty("aggregates that trail and events do not agree with");
        (await ledger.TokensWithoutTrailAsync()).ShouldBeEmpty("tokens without exactly one entry in the trail");
        (await ledger.VersionsWithoutBlobAsync()).ShouldBeEmpty("model versions without their file's row");
        (await ledger.BrokenBlobsAsync(portal.Blobs())).ShouldBeEmpty("rows that name a blob which is not there");
        (await ledger.ForgottenVersionsAsync()).ShouldBeEmpty("model versions that wait for nobody");
        (await ledger.WithoutMemberAsync()).Intersect(acknowledged, StringComparer.Ordinal).ShouldBeEmpty("acknowledged projects that nobody is a member of");
    }

    /// <summary>The spool drains, jobs end and events go out after the last answer.</summary>
    private static Task<string> SettleAsync(Ledger ledger, List<string> acknowledged) => Jobs.UntilAsync("spool, jobs and events", async () =>
    {
        if (await ledger.UnsentAsync() > 0 || await ledger.OpenJobsAsync() > 0)
            return null;
        var found = await ledger.FoundAsync();
        return acknowledged.TrueForAll(found.ContainsKey) ? "" : null;
    });
}
