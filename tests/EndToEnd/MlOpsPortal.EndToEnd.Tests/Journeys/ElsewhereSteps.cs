using System.Net.Http.Json;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>A version that the portal does not run: let in, silent, and watched by the predictions that are sent to it.</summary>
internal static class ElsewhereSteps
{
    public static async Task LetInAsync(TestMember scientist, TestMember engineer, TestProject project, string model)
    {
        var versions = (await scientist.PostAsync($"/api/v1/models/{model}/versions", new { notRun = true })).GetProperty("model").GetProperty("versions");
        var version = versions[versions.GetArrayLength() - 1];
        await scientist.PutAsync($"/api/v1/models/{model}/versions/{version.GetProperty("number").GetInt32()}/contract", new
        {
            task = "binary", target = "target", positiveClass = "1", output = new { name = "", column = 0, key = (string?)null }, features = Array.Empty<object>(), threshold = 0.5,
        });
        var endpoint = Modelling.Text((await engineer.PostAsync("/api/v1/endpoints", new { project = project.Id, name = "malignancy-elsewhere", environment = "sandbox", model })).GetProperty("deployment"), "id");
        var released = await engineer.PostAsync($"/api/v1/endpoints/{endpoint}/releases", new { modelVersion = Modelling.Text(version, "id") });
        Modelling.Text(released.GetProperty("deployment").GetProperty("releases")[0], "state").ShouldBe("live");

        await Jobs.UntilAsync("the routing table", async () =>
        {
            using var answer = await engineer.Client.PostAsJsonAsync("/api/v1/endpoints/malignancy-elsewhere/score", new { rows = new[] { new { a = 1 } } });
            return await answer.CodeAsync() == "deployments.not_run" ? "" : null;
        });
        var prediction = new { id = "elsewhere-1", occurredAt = TimeProvider.System.GetUtcNow().AddMinutes(-1), output = 0.25 };
        (await engineer.PostAsync($"/api/v1/endpoints/{endpoint}/predictions", new { predictions = new[] { prediction } })).GetProperty("added").GetInt32().ShouldBe(1);
        var logged = (await engineer.GetAsync($"/api/v1/endpoints/{endpoint}/predictions")).GetProperty("items");
        Modelling.Text(logged[0], "id").ShouldBe("elsewhere-1");
        await WatchAsync(engineer, endpoint);
    }

    /// <summary>What was sent in is watched like what the portal answers itself: 60 predictions with their outcomes, of which the higher ones came true.</summary>
    private static async Task WatchAsync(TestMember engineer, string endpoint)
    {
        var day = TimeProvider.System.GetUtcNow().AddDays(-3);
        var rows = Enumerable.Range(0, 60).Select(row => (Id: $"watched-{row}", At: day.AddMinutes(row), Output: row / 60.0)).ToList();
        await engineer.PostAsync($"/api/v1/endpoints/{endpoint}/predictions", new { predictions = rows.Select(row => new { id = row.Id, occurredAt = row.At, output = row.Output }) });
        await engineer.PostAsync($"/api/v1/endpoints/{endpoint}/actuals", new { actuals = rows.Select(row => new { id = row.Id, value = row.Output >= 0.5 ? 1 : 0, at = row.At.AddHours(1) }) });
        var monitor = Modelling.Text(
            (await engineer.PostAsync($"/api/v1/endpoints/{endpoint}/monitors", new
            {
                name = "elsewhere", window = new { kind = "count", count = 60 }, reference = new { kind = "window", from = day, to = day.AddHours(2) }, minRows = 10,
            })).GetProperty("monitor"),
            "id");
        await engineer.RunMonitorAsync(monitor);
        var scores = (await engineer.GetAsync($"/api/v1/monitors/{monitor}/runs")).GetProperty("items")[0].GetProperty("scores").EnumerateArray().ToList();
        scores.Single(score => Modelling.Text(score, "signal") == "realised" && score.GetProperty("method").GetString() == "roc_auc").GetProperty("value").GetDouble().ShouldBe(1);
    }
}
