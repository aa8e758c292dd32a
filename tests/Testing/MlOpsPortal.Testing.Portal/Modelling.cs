using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlOpsPortal.Testing;

/// <summary>A dataset version, ready.</summary>
public sealed record TestDataset(string Id, int Number);

/// <summary>A model version.</summary>
public sealed record TestVersion(string Model, int Number, string Id);

/// <summary>From data to a served model over the API, each step waiting until the portal has done it.</summary>
public static class Modelling
{
    private static readonly string[] Pending = ["reading", "queued", "running", "admitting", "loading"];

    public static async Task<JsonElement> GetAsync(this TestMember who, string address)
    {
        using var answer = await who.Client.GetAsync(address);
        return await answer.RequiredAsync();
    }

    public static async Task<JsonElement> PostAsync(this TestMember who, string address, object body)
    {
        using var answer = await who.Client.PostAsJsonAsync(address, body);
        return await answer.RequiredAsync();
    }

    public static async Task<JsonElement> PutAsync(this TestMember who, string address, object body)
    {
        using var answer = await who.Client.PutAsJsonAsync(address, body);
        return await answer.RequiredAsync();
    }

    /// <param name="role">training or test; a test set names its training set.</param>
    public static async Task<TestDataset> DatasetAsync(this TestMember who, TestProject project, string name, string file, string role, string target, TestDataset? training = null)
    {
        var upload = await who.Client.UploadAsync(file);
        var trainedOn = training is null ? null : new { dataset = training.Id, number = training.Number };
        var created = await who.PostAsync($"/api/v1/projects/{project.Id}/datasets", new { name, version = new { upload, role, target, training = trainedOn } });
        var id = Text(created.GetProperty("dataset"), "id");
        await Jobs.UntilAsync($"dataset {name}", async () =>
        {
            var version = (await who.GetAsync($"/api/v1/datasets/{id}")).GetProperty("dataset").GetProperty("versions")[0];
            return Text(version, "state") switch
            {
                "ready" => "",
                "failed" => throw new InvalidOperationException($"{name}: {version.GetProperty("fault")}"),
                _ => null,
            };
        });
        return new TestDataset(id, 1);
    }

    /// <summary>A file as the next version of a model, with the contract that the portal proposes, confirmed for the target.</summary>
    /// <param name="predictions">The library's own, on <paramref name="predicted"/>, for a fidelity receipt.</param>
    public static async Task<TestVersion> VersionAsync(
        this TestMember who, string model, string file, string target, TestDataset training, string algorithm, string? predictions = null, TestDataset? predicted = null)
    {
        var upload = await who.Client.UploadAsync(file);
        var own = predictions is null ? null : await who.Client.UploadAsync(predictions);
        var view = await who.PostAsync($"/api/v1/models/{model}/versions", new
        {
            upload, algorithm, trainedOn = Reference(training), predictions = own, predictionsDataset = predicted is null ? null : Reference(predicted),
        });
        var number = view.GetProperty("model").GetProperty("versions").GetArrayLength();
        var admitted = await who.VersionUntilAsync(model, number, version => Pending.Contains(Text(version, "state")) ? null : version.ToString());
        var address = string.Create(CultureInfo.InvariantCulture, $"/api/v1/models/{model}/versions/{number}/contract");
        var proposal = await who.GetAsync(string.Create(CultureInfo.InvariantCulture, $"{address}/proposal?dataset={training.Id}&datasetVersion={training.Number}"));
        var contract = JsonNode.Parse(proposal.GetProperty("contract").GetRawText())!; // a proposal has a contract
        contract["target"] = target;
        await who.PutAsync(address, contract);
        if (predicted is not null)
            await who.VersionUntilAsync(model, number, version => version.GetProperty("fidelity") is { ValueKind: JsonValueKind.Object } fidelity
                && (fidelity.GetProperty("receipt").ValueKind == JsonValueKind.Object || fidelity.GetProperty("failed").ValueKind == JsonValueKind.Object) ? "" : null);
        return new TestVersion(model, number, Text(JsonElement.Parse(admitted), "id"));
    }

    /// <returns>The evaluation's id.</returns>
    public static async Task<string> EvaluateAsync(this TestMember who, TestVersion version, TestDataset test)
    {
        var asked = await who.PostAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/models/{version.Model}/versions/{version.Number}/evaluations"), new { dataset = Reference(test), resamples = 200, seed = 7 });
        var id = Text(asked, "id");
        return await Jobs.UntilAsync("the evaluation", async () =>
        {
            var evaluation = await who.GetAsync($"/api/v1/evaluations/{id}");
            return Text(evaluation, "state") switch
            {
                "done" => id,
                "failed" => throw new InvalidOperationException($"The evaluation failed: {evaluation.GetProperty("fault")}"),
                _ => null,
            };
        });
    }

    /// <summary>Lets a version answer at an endpoint, and waits until it does: it is called live a moment before requests go to it.</summary>
    public static async Task DeployAsync(this TestMember who, string endpoint, TestVersion version)
    {
        await who.PostAsync($"/api/v1/endpoints/{endpoint}/releases", new { modelVersion = version.Id });
        var name = await Jobs.UntilAsync("the release", async () =>
        {
            var deployment = (await who.GetAsync($"/api/v1/endpoints/{endpoint}")).GetProperty("deployment");
            var release = deployment.GetProperty("releases").EnumerateArray().Last();
            return Text(release, "state") switch
            {
                "live" => Text(deployment, "name"),
                "failed" => throw new InvalidOperationException($"The release failed: {release}"),
                _ => null,
            };
        });
        await Jobs.UntilAsync("the release's answers", async () =>
        {
            using var ready = await who.Client.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/v2/models/{name}/versions/{version.Number}/ready"));
            return ready.IsSuccessStatusCode ? "" : null;
        });
    }

    /// <summary>Runs a monitor, over a stretch or over what there is to measure, and waits until it has ended.</summary>
    /// <returns>What the job says: windows and rows.</returns>
    public static async Task<JsonElement> RunMonitorAsync(this TestMember who, string monitor, object? stretch = null)
    {
        var asked = await who.PostAsync($"/api/v1/monitors/{monitor}/runs", stretch ?? new { });
        var job = Text(asked, "job");
        var ended = await Jobs.UntilAsync("the monitor", async () =>
        {
            var state = await who.GetAsync($"/api/v1/jobs/{job}");
            return Text(state, "state") switch
            {
                "succeeded" => state.GetProperty("result").GetRawText(),
                "failed" or "cancelled" => throw new InvalidOperationException($"The monitor failed: {state.GetProperty("fault")}"),
                _ => null,
            };
        });
        return JsonElement.Parse(ended);
    }

    /// <summary>Sends one prediction of three weeks ago and measures it.</summary>
    /// <returns>The id of its window.</returns>
    public static async Task<string> MeasureAsync(this TestMember who, string endpoint, string monitor)
    {
        var occurredAt = TimeProvider.System.GetUtcNow().AddDays(-21);
        await who.PostAsync($"/api/v1/endpoints/{endpoint}/predictions", new { predictions = new[] { new { id = "one", occurredAt, output = 0.5 } } });
        await who.RunMonitorAsync(monitor);
        return Text((await who.GetAsync($"/api/v1/monitors/{monitor}/runs")).GetProperty("items")[0], "id");
    }

    public static object Reference(TestDataset dataset) => new { dataset = dataset.Id, number = dataset.Number };

    public static string Text(JsonElement json, string property) => json.GetProperty(property).GetString() ?? throw new JsonException($"{property} is null in {json}.");

    private static Task<string> VersionUntilAsync(this TestMember who, string model, int number, Func<JsonElement, string?> enough) => Jobs.UntilAsync($"version {number}", async () =>
    {
        var version = (await who.GetAsync($"/api/v1/models/{model}")).GetProperty("model").GetProperty("versions")[number - 1];
        return Text(version, "state") == "refused" ? throw new InvalidOperationException($"The file was refused: {version}") : enough(version);
    });
}
