using System.Text.Json;

namespace MlOpsPortal.Benchmarks.Tracking;

/// <summary>What the calls carry.</summary>
internal static class Bodies
{
    public const int BatchSize = 1000;
    private const int Keys = 10;

    /// <summary>1,000 points: ten metrics, a hundred steps each.</summary>
    /// <param name="number">Batches of other numbers have other steps.</param>
    public static byte[] Batch(string run, int number) => Json(new
    {
        run_id = run,
        metrics = Enumerable.Range(0, BatchSize).Select(i => new
        {
            key = $"metric-{i % Keys}",
            value = Math.Sin(i + number) + (i * 1e-6),
            timestamp = 1_700_000_000_000 + (number * (long)BatchSize) + i,
            step = (number * (long)(BatchSize / Keys)) + (i / Keys),
        }),
    });

    /// <summary>1,000 points of one metric.</summary>
    public static byte[] Curve(string run, int number) => Json(new
    {
        run_id = run,
        metrics = Enumerable.Range(0, BatchSize).Select(i => (number * BatchSize) + i).Select(i => new { key = "curve", value = 1.0 / (i + 1), timestamp = 1_700_000_000_000 + i, step = i }),
    });

    public static byte[] Create(string experiment, int number) => Json(new
    {
        experiment_id = experiment,
        user_id = $"user-{number % 1000}",
        run_name = $"run-{number}",
        start_time = 1_700_000_000_000 + number,
        tags = new[] { new { key = "mlflow.source.name", value = "train.py" }, new { key = "mlflow.user", value = $"user-{number % 1000}" } },
    });

    /// <summary>What a small training run logs.</summary>
    public static byte[] Values(string run, int number) => Json(new
    {
        run_id = run,
        metrics = new[] { ("acc", Share(number, 7919)), ("loss", Share(number, 104_729)), ("auc", Share(number, 1_299_709)), ("f1", Share(number, 15_485_863)) }
            .Select(metric => new { key = metric.Item1, value = metric.Item2, timestamp = 1_700_000_000_000 + number, step = 0 }),
        @params = new[] { ("model", Models[number % Models.Length]), ("seed", $"{number}"), ("lr", $"0.{number % 9 + 1}"), ("depth", $"{number % 20}"), ("rows", "100000") }
            .Select(parameter => new { key = parameter.Item1, value = parameter.Item2 }),
        tags = new[] { new { key = "team", value = $"team-{number % 100}" }, new { key = "stage", value = "draft" } },
    });

    public static byte[] Finish(string run, int number) => Json(new { run_id = run, status = number % 100 == 0 ? "FAILED" : "FINISHED", end_time = 1_700_000_100_000 + number });

    public static byte[] Search(IReadOnlyList<string> experiments, string filter, string? order, int results = 100, string? token = null) => Json(new
    {
        experiment_ids = experiments, filter, max_results = results, order_by = order is null ? [] : new[] { order }, page_token = token ?? "",
    });

    /// <summary>Spread evenly over 0..1, the same for the same number.</summary>
    public static double Share(int number, int prime) => (long)number * prime % 1_000_003 / 1_000_003.0;

    public static string[] Models { get; } = ["tree", "forest", "linear", "boosted", "network"];

    private static byte[] Json(object value) => JsonSerializer.SerializeToUtf8Bytes(value);
}
