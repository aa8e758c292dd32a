using System.Diagnostics;
using System.Text.Json;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Monitoring.Tests.Measuring;

/// <summary>The retail year through the public API: every weekly number equals the published one.</summary>
public sealed class WeeklyFiguresTests(PortalFixture portal, ITestOutputHelper output) : IClassFixture<PortalFixture>
{
    private const double Exact = 1e-9;

    /// <summary>float32 of another run of the same model, in other batches.</summary>
    private const double Scored = 1e-6;

    [Theory]
    [InlineData("live")]
    [InlineData("quiet")]
    public async Task Every_week_has_the_published_drift_and_metrics(string year)
    {
        var store = await RetailStore.OpenAsync(await portal.TenantAsync("Retail" + year), "response_model");
        var messages = RetailYear.Read(year);
        await store.Engineer.SendPredictionsAsync(store.Endpoint, messages, version: 1);
        await store.Engineer.SendOutcomesAsync(store.Endpoint, messages);
        var monitor = await store.MonitorAsync(new { name = "weekly" });

        var watch = Stopwatch.StartNew();
        var ran = await store.Engineer.RunMonitorAsync(monitor);
        output.WriteLine($"{ran.GetProperty("windows")} windows over {ran.GetProperty("rows")} rows in {watch.Elapsed.TotalSeconds:0.0} s");

        ran.GetProperty("rows").GetInt64().ShouldBe(messages.Count);
        await JudgeAsync(store, monitor, $"expected_weekly_{year}_2025.json", Exact);
    }

    [Fact]
    public async Task A_model_that_takes_over_in_week_42_is_judged_against_its_own_reference()
    {
        var store = await RetailStore.OpenAsync(await portal.TenantAsync("RetailAnew"), "response_model_2025");
        var messages = RetailYear.Read("live").Where(message => message.Week >= 42).ToList();
        await store.Engineer.ScoreAsync(store.EndpointName, messages);
        await store.Engineer.SendOutcomesAsync(store.Endpoint, messages);
        var monitor = await store.MonitorAsync(new { name = "weekly" });
        await Jobs.UntilAsync("the log", async () =>
        {
            await store.Engineer.RunMonitorAsync(monitor, new { from = RetailYear.WeekStart(42), to = RetailYear.WeekStart(53) });
            var runs = (await store.Engineer.GetAsync($"/api/v1/monitors/{monitor}/runs?limit=60")).GetProperty("items");
            return runs.GetArrayLength() > 0 && runs.EnumerateArray().Sum(run => run.GetProperty("rows").GetInt64()) == messages.Count ? "" : null;
        });
        await JudgeAsync(store, monitor, "expected_weekly_live_2025_from_week_42.json", Scored);
    }

    private static async Task JudgeAsync(RetailStore store, string monitor, string file, double predictions)
    {
        var runs = (await store.Engineer.GetAsync($"/api/v1/monitors/{monitor}/runs?limit=60")).GetProperty("items").EnumerateArray()
            .ToDictionary(run => run.GetProperty("from").GetDateTimeOffset());
        using var expected = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(RetailYear.Folder, file), TestContext.Current.CancellationToken));
        var weeks = expected.RootElement.GetProperty("weeks").EnumerateArray().ToList();
        weeks.ShouldNotBeEmpty();
        foreach (var week in weeks)
        {
            var number = week.GetProperty("week").GetInt32();
            var run = runs[RetailYear.WeekStart(number)];
            run.GetProperty("rows").GetInt64().ShouldBe(week.GetProperty("rows").GetInt64());
            foreach (var column in week.GetProperty("psi").EnumerateObject())
                Value(run, "psi", column.Name, "psi").ShouldBe(column.Value.GetDouble(), Exact, $"week {number}: PSI of {column.Name}");
            foreach (var column in week.GetProperty("ks").EnumerateObject())
                Value(run, "ks", column.Name, "ks").ShouldBe(column.Value.GetDouble(), Exact, $"week {number}: KS of {column.Name}");
            Value(run, "missingShare", "age", "share").ShouldBe(week.GetProperty("missing_age").GetDouble(), Exact, $"week {number}: missing age");
            foreach (var metric in (string[])["roc_auc", "log_loss", "brier"])
                Value(run, "realised", null, metric).ShouldBe(week.GetProperty(metric).GetDouble(), predictions, $"week {number}: {metric}");
            Value(run, "meanPrediction", null, "mean").ShouldBe(week.GetProperty("mean_prediction").GetDouble(), predictions, $"week {number}: mean prediction");
            Value(run, "meanOutcome", null, "mean").ShouldBe(week.GetProperty("actual_share").GetDouble(), Exact, $"week {number}: mean outcome");
            if (week.TryGetProperty("prediction_ks", out var predictionKs))
                Value(run, "predictionDrift", null, "ks").ShouldBe(predictionKs.GetDouble(), Exact, $"week {number}: KS of predictions");
        }
    }

    private static double Value(JsonElement run, string signal, string? column, string method)
    {
        var score = run.GetProperty("scores").EnumerateArray().Single(score =>
            score.GetProperty("signal").GetString() == signal && score.GetProperty("column").GetString() == column && score.GetProperty("method").GetString() == method);
        return score.GetProperty("value") is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : throw new InvalidOperationException($"{signal} of {column}: {score}");
    }
}
