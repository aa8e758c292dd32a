using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlOpsPortal.MlflowContract.Differential;

/// <summary>What a server said.</summary>
/// <param name="Json">Null where the body is no JSON.</param>
/// <param name="Missing">A placeholder that an earlier answer did not fill: the call was not made.</param>
internal sealed record Answer(int Status, string Text, JsonNode? Json, Variables Variables, string? Missing = null)
{
    /// <summary>By name, whatever its case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public string? ErrorCode => Field("error_code");

    public string? Message => Field("message");

    private string? Field(string name) => Json is JsonObject body && body[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}

/// <summary>Plays the corpus at one server, in order.</summary>
internal sealed class Player(Uri server, AuthenticationHeaderValue? authorization) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = TimeSpan.FromMinutes(2) };
    private readonly string root = server.ToString().TrimEnd('/');
    private Variables variables = new();
    private string? file;

    public async Task<Answer> PlayAsync(Call call, CancellationToken cancellation)
    {
        if (call.File != file)
            (file, variables) = (call.File, new Variables());
        if ((variables.MissingIn(call.Path) ?? variables.MissingIn(call.Body)) is { } missing)
            return new Answer(0, "", null, variables, missing);
        // As written: an attack by path must arrive as one.
        var address = new Uri(root + variables.Fill(call.Path), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), address);
        request.Headers.Authorization = authorization;
        if (call.Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(CallFiles.Expand(variables.Fill(call.Body))));
            if (call.ContentType != "none")
                request.Content.Headers.TryAddWithoutValidation("Content-Type", call.ContentType);
        }

        using var response = await http.SendAsync(request, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        var json = Parse(text);
        foreach (var kept in call.Kept)
            if (JsonPath.Find(json, kept.Path) is JsonValue value)
                variables.Keep(kept, value.ToString());
        return new Answer((int)response.StatusCode, text, json, variables)
        {
            Headers = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
        };
    }

    public void Dispose() => http.Dispose();

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
