using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Registry;
using ReleaseState = MlOpsPortal.Deployments.Releases.ReleaseState;

namespace MlOpsPortal.Deployments.Tests.Serving;

/// <summary>Versions are replaced under load, by good ones and by bad ones.</summary>
public sealed class SwapTests(ITestOutputHelper output)
{
    private const int Clients = 8;
    private const double MostPerSecond = 2_000;
    private const int Swaps = 12;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(6);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> BadReleases => ["corrupt", "other weights", "wrong signature", "no such output", "slow", "hoarding"];

    /// <summary>An open loop at 2,000 requests a second, or at half of what this machine carries beside its other work.</summary>
    [Fact]
    public async Task Swapping_versions_under_load_fails_no_request_and_each_reply_is_its_versions()
    {
        await using var portal = await TestPortal.StartAsync(settings: new() { ["Serving:SpoolRecords"] = "10000000", ["Serving:SpoolBytes"] = "1073741824" });
        var (a, b) = (TestModels.Adding(100_000), TestModels.Adding(200_000));
        var deployment = await portal.ServeAsync(a, "swapped");
        var caller = new Scorer(portal, "swapped", version => version switch { "1" => 100_000, "2" => 200_000, _ => double.NaN });
        var rate = Math.Min(MostPerSecond, await CarriedAsync(caller) / 2);
        var before = Resident();
        var steady = await OpenLoop.RunAsync(rate, Length / 2, caller.ScoreAsync);

        var swaps = SwapAsync(portal, deployment, [portal.Version(b, 2, a.Id), portal.Version(a, 1, a.Id)]);
        var swapped = await OpenLoop.RunAsync(rate, Length, caller.ScoreAsync, alsoUntil: swaps);
        await swaps;

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rate:0} requests a second, open loop"));
        output.WriteLine($"steady: {steady}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Swaps} swaps: {swapped}; p99 {swapped.Milliseconds(0.99) / steady.Milliseconds(0.99):0.00} times the steady one"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"answers by version: {string.Join(", ", caller.Answered.OrderBy(entry => entry.Key).Select(entry => $"{entry.Key}: {entry.Value}"))}; {caller.Faults.Count} faults"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"resident memory, clients included: {before >> 20} MiB before, {Resident() >> 20} MiB after"));
        caller.Faults.ShouldBeEmpty();
        caller.Answered.Keys.Order(StringComparer.Ordinal).ShouldBe(["1", "2"]);
        swapped.Count.ShouldBeGreaterThanOrEqualTo((int)(rate * Length.TotalSeconds * 0.99));
    }

    [Theory]
    [MemberData(nameof(BadReleases))]
    public async Task A_bad_release_fails_with_its_reason_while_the_old_one_answers(string kind)
    {
        await using var portal = await TestPortal.StartAsync(settings: kind == "slow" ? new() { ["Serving:LoadTimeout"] = "00:00:05" } : null);
        var good = TestModels.Adding(1000);
        var deployment = await portal.ServeAsync(good, "steady");
        var (bad, code) = Bad(kind);
        var version = portal.Version(bad, 2, good.Id);
        if (kind == "slow")
            portal.Files.HeldBack[version.File!.Sha256] = new TaskCompletionSource();
        if (kind == "other weights")
            portal.Files.BySha[version.File!.Sha256] = TestModels.Adding(1001).Bytes;
        var caller = new Scorer(portal, "steady", number => number == "1" ? 1000 : double.NaN);
        using var enough = new CancellationTokenSource();
        var load = ClosedLoopAsync(caller, enough.Token);

        var began = Stopwatch.GetTimestamp();
        var after = await portal.ReleaseAsync(deployment.Id, version);
        var took = Stopwatch.GetElapsedTime(began);
        await caller.ScoreAsync();
        await enough.CancelAsync();
        await load;

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind}: failed after {took.TotalSeconds:0.00} s as {after.Releases[^1].Failure?.Code}; {caller.Answered.Values.Sum()} answers by version 1 meanwhile, {caller.Faults.Count} faults"));
        caller.Faults.ShouldBeEmpty();
        after.Live!.Version.Number.ShouldBe(1);
        after.Releases[^1].State.ShouldBe(ReleaseState.Failed);
        after.Releases[^1].Failure!.Code.ShouldBe(code, string.Join(", ", after.Releases[^1].Failure!.Args));
        (await portal.AskAsync<long>("SELECT count(*) FROM platform.audit WHERE action = 'deployment.release_failed'")).ShouldBe(1);
        (await portal.AskAsync<string>("SELECT detail ->> 'reason' FROM platform.audit WHERE action = 'deployment.release_failed'")).ShouldBe(code);
        caller.Answered.Keys.ShouldBe(["1"]);
    }

    /// <summary>Swaps evenly over the length of the load, or one after the other where a swap takes longer than its share of that.</summary>
    private static async Task SwapAsync(TestPortal portal, Deployment deployment, ServableModel[] versions)
    {
        using var tick = new PeriodicTimer(Length / (Swaps + 1));
        for (var done = 0; done < Swaps && await tick.WaitForNextTickAsync(Stop); done++)
        {
            var settled = await portal.ReleaseAsync(deployment.Id, versions[done % versions.Length]);
            settled.Live!.Version.Number.ShouldBe(versions[done % versions.Length].Number);
        }
    }

    /// <returns>Requests a second, one after the other from every client for a second. It also warms what the measurement runs through.</returns>
    private static async Task<double> CarriedAsync(Scorer caller)
    {
        using var second = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        var began = Stopwatch.GetTimestamp();
        await ClosedLoopAsync(caller, second.Token);
        return caller.Answered.Values.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static Task ClosedLoopAsync(Scorer caller, CancellationToken enough) => Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(
        async () =>
        {
            while (!enough.IsCancellationRequested)
                await caller.ScoreAsync();
        },
        Stop)));

    private static long Resident()
    {
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }

    private static (TestModel Model, string Code) Bad(string kind)
    {
        var good = TestModels.Adding(7);
        return kind switch
        {
            "corrupt" => (TestModel.Of(good.Bytes[..(good.Bytes.Length / 2)], good.Contract), "deployments.load_failed"),
            "other weights" => (good, "deployments.load_hash"),
            "wrong signature" => (good.WithContract(contract => contract with { Features = [new ContractFeature("x", FeatureType.Text, false, "x", 0)] }), "deployments.load_signature"),
            "no such output" => (good.WithContract(contract => contract with { Output = new ContractOutput("z", 0, null) }), "deployments.load_signature"),
            "slow" => (good, "deployments.load_slow"),
            "hoarding" => (TestModels.Hoarding(), "deployments.warm_failed"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    /// <summary>Asks with a number that nobody asked before, and checks the answer against the version that it says it is by.</summary>
    private sealed class Scorer(TestPortal portal, string endpoint, Func<string, double> constant)
    {
        private int asked;

        public ConcurrentQueue<string> Faults { get; } = new();

        public ConcurrentDictionary<string, int> Answered { get; } = new(StringComparer.Ordinal);

        public async Task ScoreAsync()
        {
            var x = Interlocked.Increment(ref asked);
            using var content = new StringContent(string.Create(CultureInfo.InvariantCulture, $$"""{"rows":[{"x":{{x}}}]}"""), Encoding.UTF8, "application/json");
            using var reply = await portal.Http.PostAsync($"/api/v1/endpoints/{endpoint}/score", content, Stop);
            var text = await reply.Content.ReadAsStringAsync(Stop);
            if ((int)reply.StatusCode != 200)
            {
                Faults.Enqueue($"{(int)reply.StatusCode} {text}");
                return;
            }

            var answer = JsonElement.Parse(text);
            var version = answer.GetProperty("version").GetString() ?? "";
            if (answer.GetProperty("predictions")[0].GetProperty("prediction").GetDouble() != (float)(x + constant(version)))
                Faults.Enqueue($"{x} was answered {text}");
            Answered.AddOrUpdate(version, 1, (_, count) => count + 1);
        }
    }
}
