using System.Globalization;

namespace MlOpsPortal.Benchmarks.Tracking;

/// <summary>The portal alone, where MLflow's server would not come back: a million runs, a million points.</summary>
internal static class MillionRuns
{
    private const int First = 60;
    private const int PageNumber = 1000;

    /// <summary>The filters that the goal names twelve of; the rest are harder still.</summary>
    private static readonly (string Name, string Filter, string? Order)[] Filters =
    [
        ("none", "", null),
        ("metric, 1 in 1,000", "metrics.acc > 0.999", null),
        ("metric, half", "metrics.acc > 0.5", null),
        ("parameter, 1 in 5", "params.model = 'tree'", null),
        ("parameter, one run", "params.seed = '4711'", null),
        ("parameter LIKE", "params.model LIKE 'tr%'", null),
        ("tag, 1 in 100", "tags.team = 'team-17'", null),
        ("status, 1 in 100", "attributes.status = 'FAILED'", null),
        ("user, 1 in 1,000", "attributes.user_id = 'user-42'", null),
        ("start, the oldest 1 in 100", $"attributes.start_time < {RunGenerator.FirstStart + 10_000}", null),
        ("metric, parameter and tag", "metrics.acc > 0.9 AND params.model = 'linear' AND tags.team = 'team-17'", null),
        ("best by a metric", "metrics.loss < 0.5", "metrics.acc DESC"),
        ("a metric that no run reaches", "metrics.acc > 2", null),
        ("a parameter that no run has", "params.seed = 'none'", null),
        ("a tag that every run has, IS NULL", "tags.team IS NULL", null),
        ("metric OR tag", "metrics.acc > 0.999 OR tags.team = 'team-17'", null),
        ("by a parameter", "", "params.model"),
        ("by a parameter, downwards", "", "params.model DESC"),
        ("by a tag, of one model", "params.model = 'tree'", "tags.team"),
    ];

    public static async Task MeasureAsync(TrackedServer portal, PortalPlace place, int runs)
    {
        Console.WriteLine();
        var generator = new RunGenerator(place);
        var largest = await portal.ExperimentAsync("largest");
        var (sample, failed) = (await SampleAsync(portal, largest, 1), await SampleAsync(portal, largest, 100));
        await generator.FillAsync(sample, failed, 1000, runs * 9 / 10);
        List<string> all = [largest];
        for (var number = 0; number < 9; number++)
        {
            all.Add(await portal.ExperimentAsync("small"));
            await generator.FillAsync(await SampleAsync(portal, all[^1], 1), failed, runs + (number * runs / 90), runs / 90);
        }

        Console.WriteLine();
        Console.WriteLine($"First page of 100 runs, {First} times ({First / 6} where it takes half a second); then page after page to page {PageNumber:N0}, where the filter has as many.");
        Console.WriteLine();
        Console.WriteLine("| filter | largest experiment: p50, ms | p99 | all ten: p50 | p99 | pages 2 to 21: p50 | p99 | pages 981 to 1,000: p50 | p99 |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var (name, filter, order) in Filters)
        {
            var one = await FirstPageAsync(portal, [largest], filter, order);
            var ten = await FirstPageAsync(portal, all, filter, order);
            var (early, late) = await PagesAsync(portal, largest, filter, order);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {one.P50:F1} | {one.P99:F1} | {ten.P50:F1} | {ten.P99:F1} | {(late.Count > 0 ? $"{early.P50:F1} | {early.P99:F1} | {late.P50:F1} | {late.P99:F1}" : "| | | ")} |"));
        }

        await CurveAsync(portal, largest);
        Console.WriteLine($"The portal's memory at the end: {place.MemoryMiB():F0} MiB");
    }

    private static async Task<string> SampleAsync(TrackedServer portal, string experiment, int number)
    {
        var created = await portal.CallAsync(HttpMethod.Post, "mlflow/runs/create", System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(Bodies.Create(experiment, number)));
        var run = created.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!; // always there
        await portal.TimeAsync(HttpMethod.Post, "mlflow/runs/log-batch", Bodies.Values(run, number));
        await portal.TimeAsync(HttpMethod.Post, "mlflow/runs/update", Bodies.Finish(run, number));
        return run;
    }

    private static async Task<Samples> FirstPageAsync(TrackedServer portal, IReadOnlyList<string> experiments, string filter, string? order)
    {
        var body = Bodies.Search(experiments, filter, order);
        var slow = await portal.TimeAsync(HttpMethod.Post, "mlflow/runs/search", body) > 500;
        return await Samples.TakeAsync(slow ? First / 6 : First, _ => portal.TimeAsync(HttpMethod.Post, "mlflow/runs/search", body));
    }

    /// <summary>Each page for the first time: twenty at the beginning, and the twenty that end with the thousandth; none where the filter has fewer.</summary>
    private static async Task<(Samples Early, Samples Late)> PagesAsync(TrackedServer portal, string experiment, string filter, string? order)
    {
        const int Measured = 20;
        var (early, late, token) = (new Samples(), new Samples(), "");
        for (var page = 1; page <= PageNumber; page++)
        {
            var body = Bodies.Search([experiment], filter, order, 100, token);
            if (page is > 1 and <= Measured + 1)
                early.Add(await portal.TimeAsync(HttpMethod.Post, "mlflow/runs/search", body));
            else if (page > PageNumber - Measured)
                late.Add(await portal.TimeAsync(HttpMethod.Post, "mlflow/runs/search", body));
            var answer = await portal.CallAsync(HttpMethod.Post, "mlflow/runs/search", System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(body));
            if (!answer.TryGetProperty("next_page_token", out var next) || next.GetString() is not { Length: > 0 } more)
                return (early, late);
            token = more;
        }

        return (early, late);
    }

    /// <summary>A metric of a million points: a sample of it, and a batch that is already there.</summary>
    private static async Task CurveAsync(TrackedServer portal, string experiment)
    {
        const int Batches = 1000;
        var run = await portal.RunAsync(experiment);
        var filled = await Samples.TakeAsync(Batches, number => portal.TimeAsync(HttpMethod.Post, "mlflow/runs/log-batch", Bodies.Curve(run, number)));
        var again = await Samples.TakeAsync(40, number => portal.TimeAsync(HttpMethod.Post, "mlflow/runs/log-batch", Bodies.Curve(run, number * 25)));
        var fresh = await Samples.TakeAsync(40, number => portal.TimeAsync(HttpMethod.Post, "mlflow/runs/log-batch", Bodies.Curve(run, Batches + number)));
        var sample = await Samples.TakeAsync(30, _ => portal.TimeAsync(HttpMethod.Get, $"mlflow/metrics/get-history-bulk-interval?run_ids={run}&metric_key=curve&max_results=200"));
        Console.WriteLine();
        Console.WriteLine("| a metric of 1,000,000 points | p50, ms | p99 |");
        Console.WriteLine("|---|---:|---:|");
        Row("log_batch while it is filled", filled);
        Row("log_batch after it", fresh);
        Row("the same batch again", again);
        Row("200 points of it", sample);
        Console.WriteLine();
    }

    private static void Row(string name, Samples samples) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {samples.P50:F1} | {samples.P99:F1} |"));
}
