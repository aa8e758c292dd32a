using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace MlOpsPortal.Benchmarks.Tracking;

/// <summary>A server that speaks MLflow's REST: the portal, or MLflow's own.</summary>
internal sealed class TrackedServer(string name, Uri url, string? token) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        BaseAddress = new Uri($"{url.ToString().TrimEnd('/')}/api/2.0/"),
        Timeout = TimeSpan.FromMinutes(10),
        DefaultRequestHeaders = { Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token) },
    };

    public string Name => name;

    /// <summary>For what is arranged.</summary>
    public async Task<JsonElement> CallAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = Request(method, path, body is null ? null : JsonSerializer.SerializeToUtf8Bytes(body));
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonElement.Parse(text.Length == 0 ? "{}" : text) : throw new InvalidOperationException($"{name}: {method} {path}: {(int)answer.StatusCode} {text}");
    }

    /// <summary>For what is measured: the body is ready before, the answer is read to its end.</summary>
    /// <returns>Milliseconds.</returns>
    public async Task<double> TimeAsync(HttpMethod method, string path, byte[]? body = null, string type = "application/json")
    {
        using var request = Request(method, path, body, type);
        var since = Stopwatch.GetTimestamp();
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await answer.Content.CopyToAsync(Stream.Null);
        var taken = Stopwatch.GetElapsedTime(since).TotalMilliseconds;
        return answer.IsSuccessStatusCode ? taken : throw new InvalidOperationException($"{name}: {method} {path}: {(int)answer.StatusCode}");
    }

    public async Task<string> ExperimentAsync(string word) =>
        (await CallAsync(HttpMethod.Post, "mlflow/experiments/create", new { name = $"{word} {Guid.NewGuid():n}" })).GetProperty("experiment_id").GetString()!; // always there

    public async Task<string> RunAsync(string experiment) =>
        (await CallAsync(HttpMethod.Post, "mlflow/runs/create", new { experiment_id = experiment, user_id = "bench", start_time = 1_700_000_000_000, run_name = "bench" }))
            .GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!; // always there

    public void Dispose() => http.Dispose();

    private static HttpRequestMessage Request(HttpMethod method, string path, byte[]? body, string type = "application/json")
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        return request;
    }
}
