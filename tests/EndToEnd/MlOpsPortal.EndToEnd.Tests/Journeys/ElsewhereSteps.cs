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
    }
}
