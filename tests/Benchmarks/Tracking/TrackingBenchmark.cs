using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace MlOpsPortal.Benchmarks.Tracking;

/// <summary>The portal as a tracking server beside MLflow's own: the same calls from the same generator, one server after the other in turn; then the portal alone with a million runs.</summary>
internal static class TrackingBenchmark
{
    private const int Rounds = 3;
    private const int FilledRuns = 1300;
    private const int HistoryPoints = 25_000;
    private const int ArtifactBytes = 64 << 20;
    private const int SmallFiles = 200;
    private const int SmallBytes = 20 << 10;

    /// <summary>Calls before those that are measured: enough that the portal's own code is compiled for good.</summary>
    private const int Warm = 40;

    /// <summary>What is searched for among few runs, on both servers.</summary>
    private static readonly (string Name, string Filter, string? Order, int Results)[] Searches =
    [
        ("newest 100", "", null, 100),
        ("a metric", "metrics.acc > 0.9", null, 100),
        ("a parameter", "params.model = 'tree'", null, 100),
        ("a tag", "tags.team = 'team-17'", null, 100),
        ("best by a metric", "metrics.acc > 0.1", "metrics.acc DESC", 100),
        ("three together", "metrics.acc > 0.5 AND params.model = 'tree' AND attributes.status = 'FINISHED'", null, 100),
        ("all 1,300", "", null, 50_000),
    ];

    public static async Task RunAsync(string[] args)
    {
        if (args is not [var data, var python, .. var more])
            throw new InvalidOperationException("Start a portal in Release (dotnet run -c Release --project src/Hosts/MlOpsPortal.AppHost), and name its data folder and a Python that has MLflow: tracking .data ~/.cache/mlopsportal/mlflow-…/bin/python3 [runs to fill, 0 for none] [compare|artifacts]");
        var place = PortalPlace.Find(data);
        var runs = more.Length > 0 ? int.Parse(more[0], CultureInfo.InvariantCulture) : 1_000_000;
        var part = more.Length > 1 ? more[1] : "compare, artifacts";
        using var portal = new TrackedServer("portal", place.Url, place.Token);
        await using var peer = await MlflowPeer.StartAsync(python);
        using var mlflow = new TrackedServer("MLflow", peer.Url, null);

        Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {Rounds} rounds in turn");
        if (part.Contains("compare", StringComparison.Ordinal))
            await CompareAsync(mlflow, portal);
        if (part.Contains("artifacts", StringComparison.Ordinal))
            await CompareArtifactsAsync(mlflow, portal);
        if (runs > 0)
            await MillionRuns.MeasureAsync(portal, place, runs);
    }

    private static async Task CompareAsync(TrackedServer mlflow, TrackedServer portal)
    {
        Console.WriteLine();
        Console.WriteLine("| | MLflow p50, ms | MLflow p99 | portal p50, ms | portal p99 | ratio of p50 |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        await CompareAsync("create a run", 200, mlflow, portal, CreateRunsAsync);
        await CompareAsync("log_batch of 1,000 metrics", 40, mlflow, portal, FreshBatchesAsync);
        await CompareAsync("the same batch again", 40, mlflow, portal, (server, count) => DuplicatesAsync(server, count, before: 1));
        await CompareAsync("the same batch again, 10,000 rows before", 40, mlflow, portal, (server, count) => DuplicatesAsync(server, count, before: 10));
        var experiments = new Dictionary<TrackedServer, string>();
        var filling = new Dictionary<TrackedServer, double>();
        foreach (var server in (TrackedServer[])[mlflow, portal])
            (experiments[server], filling[server]) = await FillAsync(server, FilledRuns);
        foreach (var (name, filter, order, results) in Searches)
            await CompareAsync($"search 1,300 runs: {name}", results > 1000 ? 5 : 20, mlflow, portal, (server, count) => Samples.TakeAsync(count, _ => server.TimeAsync(HttpMethod.Post, "mlflow/runs/search", Bodies.Search([experiments[server]], filter, order, results))));
        await CompareAsync($"history of {HistoryPoints:N0} points", 5, mlflow, portal, HistoryAsync);

        Console.WriteLine();
        Console.WriteLine("| | MLflow | portal | ratio |");
        Console.WriteLine("|---|---:|---:|---:|");
        Rate("filling runs (create, values, end), 4 clients, runs/s", filling[mlflow], filling[portal]);
        await RatesAsync("8 clients, metric rows/s", mlflow, portal, ClientsAsync);
    }

    private static async Task CompareArtifactsAsync(TrackedServer mlflow, TrackedServer portal)
    {
        Console.WriteLine();
        Console.WriteLine("| | MLflow | portal | ratio |");
        Console.WriteLine("|---|---:|---:|---:|");
        await ArtifactsAsync("64 MiB, MB/s", mlflow, portal, 6, ArtifactBytes, ArtifactBytes / 1e3);
        await ArtifactsAsync("20 KiB, files/s", mlflow, portal, SmallFiles, SmallBytes, 1e3);
    }

    /// <param name="scale">What is counted, divided by milliseconds.</param>
    private static async Task ArtifactsAsync(string name, TrackedServer mlflow, TrackedServer portal, int files, int bytes, double scale)
    {
        var (put, get) = (new Dictionary<TrackedServer, List<double>>(), new Dictionary<TrackedServer, List<double>>());
        foreach (var server in (TrackedServer[])[mlflow, portal])
            (put[server], get[server]) = ([], []);
        for (var round = 0; round < Rounds; round++)
            foreach (var server in (TrackedServer[])[mlflow, portal])
            {
                var (written, read) = await ArtifactsAsync(server, files, bytes);
                put[server].Add(scale / written);
                get[server].Add(scale / read);
            }

        Rate("artifact PUT of " + name, Middle(put[mlflow]), Middle(put[portal]));
        Rate("artifact GET of " + name, Middle(get[mlflow]), Middle(get[portal]));
    }

    private static Task<Samples> CreateRunsAsync(TrackedServer server, int count) => InAsync(server, experiment =>
        Samples.TakeAsync(count, number => server.TimeAsync(HttpMethod.Post, "mlflow/runs/create", Bodies.Create(experiment, number))));

    private static Task<Samples> FreshBatchesAsync(TrackedServer server, int count) => InAsync(server, async experiment =>
    {
        var run = await server.RunAsync(experiment);
        return await Samples.TakeAsync(count, number => server.TimeAsync(HttpMethod.Post, "mlflow/runs/log-batch", Bodies.Batch(run, number)));
    });

    private static Task<Samples> DuplicatesAsync(TrackedServer server, int count, int before) => InAsync(server, async experiment =>
    {
        var run = await server.RunAsync(experiment);
        for (var number = 0; number < before; number++)
            await server.TimeAsync(HttpMethod.Post, "mlflow/runs/log-batch", Bodies.Batch(run, number));
        return await Samples.TakeAsync(count, number => server.TimeAsync(HttpMethod.Post, "mlflow/runs/log-batch", Bodies.Batch(run, number % before)));
    });

    private static Task<Samples> HistoryAsync(TrackedServer server, int count) => InAsync(server, async experiment =>
    {
        var run = await server.RunAsync(experiment);
        for (var number = 0; number < HistoryPoints / Bodies.BatchSize; number++)
            await server.TimeAsync(HttpMethod.Post, "mlflow/runs/log-batch", Bodies.Curve(run, number));
        return await Samples.TakeAsync(count, _ => server.TimeAsync(HttpMethod.Get, $"mlflow/metrics/get-history?run_id={run}&metric_key=curve&max_results={HistoryPoints}"));
    });

    /// <returns>Metric rows a second of eight clients, each with a run of its own.</returns>
    private static async Task<double> ClientsAsync(TrackedServer server)
    {
        var experiment = await server.ExperimentAsync("clients");
        var runs = new List<string>();
        for (var client = 0; client < 8; client++)
            runs.Add(await server.RunAsync(experiment));
        var (since, batches) = (Stopwatch.StartNew(), 0);
        await Task.WhenAll(runs.Select(async run =>
        {
            for (var number = 0; since.Elapsed < TimeSpan.FromSeconds(6); number++)
            {
                await server.TimeAsync(HttpMethod.Post, "mlflow/runs/log-batch", Bodies.Batch(run, number));
                Interlocked.Increment(ref batches);
            }
        }));
        return batches * (double)Bodies.BatchSize / since.Elapsed.TotalSeconds;
    }

    /// <returns>The experiment, and runs a second.</returns>
    private static async Task<(string Experiment, double Rate)> FillAsync(TrackedServer server, int runs)
    {
        var experiment = await server.ExperimentAsync("search");
        var (since, next) = (Stopwatch.StartNew(), -1);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var number = Interlocked.Increment(ref next); number < runs; number = Interlocked.Increment(ref next))
            {
                var created = await server.CallAsync(HttpMethod.Post, "mlflow/runs/create", JsonSerializer.Deserialize<JsonElement>(Bodies.Create(experiment, number)));
                var run = created.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!; // always there
                await server.TimeAsync(HttpMethod.Post, "mlflow/runs/log-batch", Bodies.Values(run, number));
                await server.TimeAsync(HttpMethod.Post, "mlflow/runs/update", Bodies.Finish(run, number));
            }
        }));
        return (experiment, runs / since.Elapsed.TotalSeconds);
    }

    /// <returns>Milliseconds of one file, p50.</returns>
    private static async Task<(double Put, double Get)> ArtifactsAsync(TrackedServer server, int files, int bytes)
    {
        var experiment = await server.ExperimentAsync("artifacts");
        var run = await server.RunAsync(experiment);
        var content = new byte[bytes];
        Random.Shared.NextBytes(content);
        var put = await Samples.TakeAsync(files, number => server.TimeAsync(HttpMethod.Put, $"mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/file-{number}.bin", content, "application/octet-stream"));
        var get = await Samples.TakeAsync(files, number => server.TimeAsync(HttpMethod.Get, $"mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/file-{number}.bin"));
        return (put.P50, get.P50);
    }

    private static async Task<Samples> InAsync(TrackedServer server, Func<string, Task<Samples>> measure) => await measure(await server.ExperimentAsync("bench"));

    private static async Task CompareAsync(string name, int count, TrackedServer mlflow, TrackedServer portal, Func<TrackedServer, int, Task<Samples>> measure)
    {
        foreach (var server in (TrackedServer[])[mlflow, portal])
            await measure(server, count > 5 ? Warm : 3);
        var (theirs, ours) = (new List<Samples>(), new List<Samples>());
        for (var round = 0; round < Rounds; round++)
        {
            theirs.Add(await measure(mlflow, count));
            ours.Add(await measure(portal, count));
        }

        var (t50, t99, o50, o99) = (Middle(theirs, one => one.P50), Middle(theirs, one => one.P99), Middle(ours, one => one.P50), Middle(ours, one => one.P99));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {t50:F1} | {t99:F1} | {o50:F1} | {o99:F1} | {t50 / o50:F1} |"));
    }

    private static async Task RatesAsync(string name, TrackedServer mlflow, TrackedServer portal, Func<TrackedServer, Task<double>> measure)
    {
        var (theirs, ours) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            theirs.Add(await measure(mlflow));
            ours.Add(await measure(portal));
        }

        Rate(name, Middle(theirs), Middle(ours));
    }

    private static void Rate(string name, double theirs, double ours) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {theirs:N0} | {ours:N0} | {ours / theirs:F1} |"));

    private static double Middle(List<Samples> rounds, Func<Samples, double> value) => Middle(rounds.Select(value));

    private static double Middle(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
