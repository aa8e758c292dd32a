using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using MlOpsPortal.Testing;

namespace MlOpsPortal.MlflowApi;

/// <summary>What tests of MLflow's wire say over and over.</summary>
internal static class Wires
{
    public const string Api = "/api/2.0/mlflow/";
    public const string Proxy = "/api/2.0/mlflow-artifacts/artifacts/";

    public static async Task<JsonElement> CallAsync(this TestMember member, HttpMethod method, string path, object? body = null)
    {
        using var answer = await member.TryAsync(method, path, body);
        return await answer.RequiredAsync();
    }

    public static Task<HttpResponseMessage> TryAsync(this TestMember member, HttpMethod method, string path, object? body = null)
    {
        var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : Api + path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        return member.Client.SendAsync(request);
    }

    /// <summary>Refused with this status and code.</summary>
    public static async Task<string> ShouldBeRefusedAsync(this Task<HttpResponseMessage> call, HttpStatusCode status, string code)
    {
        using var answer = await call;
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        var body = JsonElement.Parse(text);
        body.GetProperty("error_code").GetString().ShouldBe(code, text);
        return body.GetProperty("message").GetString() ?? "";
    }

    /// <summary>An experiment in a project.</summary>
    public static async Task<string> ExperimentAsync(this TestMember member, TestProject project, string name) =>
        (await member.CallAsync(HttpMethod.Post, "experiments/create", new { name, tags = new[] { new { key = "mlopsportal.project", value = project.Id } } })).GetProperty("experiment_id").GetString()!; // or RequiredAsync threw

    public static async Task<string> RunAsync(this TestMember member, string experiment) =>
        (await member.CallAsync(HttpMethod.Post, "runs/create", new { experiment_id = experiment, start_time = 1 })).GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!; // as above

    public static async Task<string> LoggedModelAsync(this TestMember member, string experiment, string name = "model") =>
        (await member.CallAsync(HttpMethod.Post, "logged-models", new { experiment_id = experiment, name })).GetProperty("model").GetProperty("info").GetProperty("model_id").GetString()!; // as above

    public static async Task PutAsync(this TestMember member, string key, byte[] content)
    {
        using var answer = await member.TryPutAsync(key, content);
        await answer.RequiredAsync();
    }

    public static Task<HttpResponseMessage> TryPutAsync(this TestMember member, string key, byte[] content) => member.Client.PutAsync(new Uri(Proxy + key, UriKind.Relative), new ByteArrayContent(content));

    /// <summary>Sends a request line as it is: HttpClient would tidy the address.</summary>
    public static async Task<(int Status, string Body)> RawAsync(this TestMember member, Uri portal, string method, string target, string body = "")
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(portal.Host, portal.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(
            $"{method} {target} HTTP/1.1\r\nHost: {portal.Authority}\r\nAuthorization: Bearer {member.Token}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync();
        return (int.Parse(answer.Split(' ', 3)[1], System.Globalization.CultureInfo.InvariantCulture), answer);
    }
}
