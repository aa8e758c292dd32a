using System.Net.Http.Json;
using System.Text.Json;
using MlOpsPortal.Testing;

namespace MlOpsPortal.MlflowApi;

/// <summary>An answer of the wire.</summary>
internal sealed record Said(int Status, JsonElement Body)
{
    public string? Code => Body.TryGetProperty("error_code", out var code) ? code.GetString() : null;

    public string Text(params ReadOnlySpan<string> path) => At(path).GetString() ?? "";

    public JsonElement At(params ReadOnlySpan<string> path)
    {
        var found = Body;
        foreach (var name in path)
            found = found.GetProperty(name);
        return found;
    }

    /// <summary>The body, of an answer that must be a success.</summary>
    public Said Fine()
    {
        Status.ShouldBe(200, Body.ToString());
        return this;
    }

    public Said Refused(int status, string code)
    {
        (Status, Code).ShouldBe((status, code), Body.ToString());
        return this;
    }
}

/// <summary>MLflow's calls, as its client makes them.</summary>
internal static class Calls
{
    private const string Api = "/api/2.0/mlflow/";

    public static async Task<Said> PostAsync(this TestMember member, string operation, object body, string method = "POST")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Api + operation) { Content = JsonContent.Create(body) };
        return await SendAsync(member, request);
    }

    public static async Task<Said> PostTextAsync(this TestMember member, string operation, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Api + operation) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        return await SendAsync(member, request);
    }

    public static async Task<Said> AskAsync(this TestMember member, string operation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Api + operation);
        return await SendAsync(member, request);
    }

    public static async Task<string> ExperimentAsync(this TestMember member, string name, params KeyValuePair<string, string>[] tags) =>
        (await member.PostAsync("experiments/create", new { name, tags = tags.Select(tag => new { key = tag.Key, value = tag.Value }) })).Fine().Text("experiment_id");

    public static async Task<string> RunAsync(this TestMember member, string experiment, long startTime = 1_000, string? name = null) =>
        (await member.PostAsync("runs/create", new { experiment_id = experiment, start_time = startTime, run_name = name })).Fine().Text("run", "info", "run_id");

    public static Task<Said> LogAsync(this TestMember member, string run, object? metrics = null, object? @params = null, object? tags = null) =>
        member.PostAsync("runs/log-batch", new { run_id = run, metrics = metrics ?? Array.Empty<object>(), @params = @params ?? Array.Empty<object>(), tags = tags ?? Array.Empty<object>() });

    public static async Task<string[]> SearchAsync(this TestMember member, string experiment, string? filter, params string[] orderBy)
    {
        var found = (await member.PostAsync("runs/search", new { experiment_ids = new[] { experiment }, filter, order_by = orderBy })).Fine();
        return found.Body.TryGetProperty("runs", out var runs) ? [.. runs.EnumerateArray().Select(run => run.GetProperty("info").GetProperty("run_name").GetString()!)] : []; // each has a name
    }

    private static async Task<Said> SendAsync(TestMember member, HttpRequestMessage request)
    {
        using var answer = await member.Client.SendAsync(request);
        return new Said((int)answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()));
    }
}
