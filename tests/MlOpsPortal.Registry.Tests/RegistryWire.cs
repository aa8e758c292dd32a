using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Registry;

[CollectionDefinition]
public sealed class PortalCollection : ICollectionFixture<PortalFixture>;

/// <summary>MLflow's calls about the registry, as its client makes them.</summary>
internal static class RegistryWire
{
    private const string Api = "/api/2.0/mlflow/";

    public static async Task<JsonElement> CallAsync(this TestMember member, string method, string operation, object? body = null)
    {
        using var answer = await member.TryAsync(method, operation, body);
        return await answer.RequiredAsync();
    }

    public static Task<HttpResponseMessage> TryAsync(this TestMember member, string method, string operation, object? body = null) =>
        member.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), Api + operation) { Content = body is null ? null : JsonContent.Create(body) });

    /// <returns>The message.</returns>
    public static async Task<string> RefusedAsync(this TestMember member, string method, string operation, object? body, HttpStatusCode status, string code)
    {
        using var answer = await member.TryAsync(method, operation, body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        var said = JsonElement.Parse(text);
        said.GetProperty("error_code").GetString().ShouldBe(code, text);
        return said.GetProperty("message").GetString() ?? "";
    }

    /// <summary>An experiment in a project.</summary>
    public static async Task<string> ExperimentAsync(this TestMember member, TestProject project) => Text(await member.CallAsync(
        "POST", "experiments/create", new { name = "registry " + Guid.NewGuid().ToString("n"), tags = new[] { new { key = "mlopsportal.project", value = project.Id } } }), "experiment_id");

    public static async Task<string> RunAsync(this TestMember member, string experiment) => Text(await member.CallAsync("POST", "runs/create", new { experiment_id = experiment, start_time = 1 }), "run", "info", "run_id");

    public static async Task<string> LoggedModelAsync(this TestMember member, string experiment, string? run = null) =>
        Text(await member.CallAsync("POST", "logged-models", new { experiment_id = experiment, name = "model", source_run_id = run }), "model", "info", "model_id");

    public static async Task PutAsync(this TestMember member, string key, byte[] content)
    {
        using var answer = await member.Client.PutAsync(new Uri("/api/2.0/mlflow-artifacts/artifacts/" + key, UriKind.Relative), new ByteArrayContent(content));
        await answer.RequiredAsync();
    }

    public static Task<JsonElement> ModelAsync(this TestMember member, string name, TestProject? project = null) => member.CallAsync(
        "POST", "registered-models/create", new { name, tags = project is null ? [] : new[] { new { key = "mlopsportal.project", value = project.Id } } });

    /// <summary>Registers what a run logged.</summary>
    public static async Task<JsonElement> VersionAsync(this TestMember member, string name, string experiment, string run) =>
        (await member.CallAsync("POST", "model-versions/create", new { name, source = $"mlflow-artifacts:/{experiment}/{run}/artifacts/model", run_id = run })).GetProperty("model_version");

    public static string Text(JsonElement body, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            body = body.GetProperty(name);
        return body.GetString() ?? "";
    }

    public static IEnumerable<string> Names(JsonElement body, string list, string field) =>
        body.TryGetProperty(list, out var items) ? items.EnumerateArray().Select(item => item.GetProperty(field).GetString() ?? "") : [];
}
