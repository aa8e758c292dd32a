using System.Diagnostics;
using System.Globalization;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.EndToEnd.Kill;

/// <summary>A portal, or its database, that dies in the middle of the work, again and again. <c>MLOPSPORTAL_KILL_SEED</c> repeats a run;
/// <c>MLOPSPORTAL_KILL_ROUNDS</c> makes it longer, with 2,000 operations to a round.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int LongRound = 2_000;
    private static readonly Dictionary<string, string?> Settings = new(StringComparer.Ordinal) { ["Jobs:HeartStopped"] = "00:00:05" };

    /// <summary>R1.</summary>
    [Fact]
    public async Task A_killed_portal_loses_nothing_acknowledged_and_leaves_nothing_twice_or_half_done()
    {
        var plan = Plan(rounds: 20, operations: 1_000);
        await using var portal = await PortalProcess.StartAsync(Settings, TestContext.Current.CancellationToken);
        var scene = await Scene.ArrangeAsync(portal, plan.Operations.Length);
        var killer = new Killer(
            async () =>
            {
                await portal.KillAsync();
                return await portal.StartAgainAsync(CancellationToken.None);
            },
            plan.Moments);
        var writers = scene.Writers(portal, () => killer.IsBack, portalDies: true);

        await WriteAsync(killer, writers, plan.Operations);

        killer.Recoveries.Count.ShouldBe(plan.Rounds);
        Print("SIGKILL of the portal", killer);
        await JudgeAsync(portal, scene.Tenant, writers);
    }

    /// <summary>R2: the portal stays; what it cannot do meanwhile it says with 503, and predictions go on.</summary>
    [Fact]
    public async Task A_killed_database_loses_nothing_and_the_portal_goes_on_by_itself()
    {
        var plan = Plan(rounds: 5, operations: 500);
        await using var postgres = await OwnPostgres.StartAsync(TestContext.Current.CancellationToken);
        await using var portal = await PortalProcess.StartAsync(Settings, TestContext.Current.CancellationToken, postgres.Database);
        var scene = await Scene.ArrangeAsync(portal, plan.Operations.Length);
        var starts = new List<TimeSpan>();
        var killer = new Killer(
            async () =>
            {
                await postgres.KillAsync();
                starts.Add(await postgres.StartAgainAsync());
                return await ReadyAsync(portal);
            },
            plan.Moments);
        var writers = scene.Writers(portal, () => killer.IsBack, portalDies: false);

        await WriteAsync(killer, writers, plan.Operations);

        killer.Recoveries.Count.ShouldBe(plan.Rounds);
        Print("SIGKILL of PostgreSQL", killer);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"PostgreSQL answered again after {string.Join(", ", starts.Select(start => $"{start.TotalSeconds:0.00}"))} s; {writers.ToldToComeBack} answers of 503 with Retry-After; {writers.PredictionsRefused.Count} predictions refused"));
        writers.Faults.ShouldBeEmpty();
        writers.PredictionsRefused.ShouldBeEmpty();
        await JudgeAsync(portal, scene.Tenant, writers);
    }

    private (int Rounds, Operation[] Operations, IEnumerable<int> Moments) Plan(int rounds, int operations)
    {
        var seed = Variable("MLOPSPORTAL_KILL_SEED") ?? Random.Shared.Next();
        if (Variable("MLOPSPORTAL_KILL_ROUNDS") is { } more)
            (rounds, operations) = (more, more * LongRound);
        var random = new Random(seed);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {rounds} rounds, {operations} operations by {Scene.Clients} clients"));
        return (rounds, Operation.Shuffled(operations, random), [.. Killer.Moments(rounds, operations, random)]);
    }

    private static async Task WriteAsync(Killer killer, Writers writers, Operation[] operations)
    {
        await Parallel.ForEachAsync(operations, new ParallelOptions { MaxDegreeOfParallelism = Scene.Clients }, async (operation, _) =>
        {
            killer.Note();
            await writers.DoAsync(operation);
        });
        await killer.IsBack;
    }

    /// <returns>How long the portal needed after its database was there.</returns>
    private static async Task<TimeSpan> ReadyAsync(PortalProcess portal)
    {
        var since = Stopwatch.StartNew();
        try
        {
            await Jobs.UntilAsync("the portal to be ready", async () => await portal.IsReadyAsync() ? "" : null);
        }
        catch (TimeoutException never)
        {
            throw new TimeoutException($"{never.Message} Its log ends with: {string.Join('\n', File.ReadLines(portal.LogFile).TakeLast(60))}", never);
        }

        return since.Elapsed;
    }

    private void Print(string what, Killer killer) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{killer.Recoveries.Count} x {what}, ready again after {string.Join(", ", killer.Recoveries.Select(recovery => $"{recovery.TotalSeconds:0.0}"))} s"));

    private async Task JudgeAsync(PortalProcess portal, TestTenant tenant, Writers writers)
    {
        await using var owner = NpgsqlDataSource.Create(portal.Database.Owner);
        var ledger = new Ledger(owner, tenant);
        var acknowledged = writers.Outcomes.Where(outcome => outcome.Value == Outcome.Acknowledged).Select(outcome => outcome.Key).ToList();
        var unknown = writers.Outcomes.Where(outcome => outcome.Value == Outcome.Unknown).Select(outcome => outcome.Key).ToList();
        await SettleAsync(ledger, acknowledged);
        var found = await ledger.FoundAsync();

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{acknowledged.Count} acknowledged, {acknowledged.Count(key => found.GetValueOrDefault(key) == 1)} of them found once"));
        var predictions = await ledger.PredictionsAsync();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{unknown.Count} unknown, {unknown.Count(found.ContainsKey)} of them found; {predictions} predictions in the log"));

        acknowledged.Where(key => found.GetValueOrDefault(key) == 0).ShouldBeEmpty("acknowledged and lost");
        found.Where(entry => entry.Value > 1).Select(entry => entry.Key).ShouldBeEmpty("done twice");
        found.Keys.Except(writers.Outcomes.Keys, StringComparer.Ordinal).ShouldBeEmpty("done and never asked for");
        (await ledger.HalfWrittenAsync()).ShouldBeEmpty("aggregates that trail and events do not agree with");
        (await ledger.EvaluationsAskewAsync()).ShouldBeEmpty("evaluations that were not asked for and ended once");
        (await ledger.TokensWithoutTrailAsync()).ShouldBeEmpty("tokens without exactly one entry in the trail");
        (await ledger.VersionsWithoutBlobAsync()).ShouldBeEmpty("model versions without their file's row");
        (await ledger.BrokenBlobsAsync(portal.Blobs())).ShouldBeEmpty("rows that name a blob which is not there");
        (await ledger.ForgottenVersionsAsync()).ShouldBeEmpty("model versions that wait for nobody");
        (await ledger.WithoutMemberAsync()).ShouldBeEmpty("projects that their creator is no member of, acknowledged or not");
    }

    /// <summary>The spool drains, jobs end and events go out after the last answer: after a long run for as long as there is less and less to do.</summary>
    private static async Task SettleAsync(Ledger ledger, List<string> acknowledged)
    {
        for (var left = long.MaxValue; ;)
        {
            try
            {
                await Jobs.UntilAsync("spool, jobs and events", async () =>
                {
                    if (await ledger.UnsentAsync() > 0 || await ledger.OpenJobsAsync() > 0)
                        return null;
                    var found = await ledger.FoundAsync();
                    return acknowledged.TrueForAll(found.ContainsKey) ? "" : null;
                });
                return;
            }
            catch (TimeoutException)
            {
                var now = await ledger.UnsentAsync() + await ledger.OpenJobsAsync();
                if (now >= left || now == 0)
                    throw;
                left = now;
            }
        }
    }

    private static int? Variable(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var given) ? given : null;
}
