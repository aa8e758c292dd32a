using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MlOpsPortal.Cli.Mlflow;

namespace MlOpsPortal.Cli.Connections;

/// <summary>Whether a request may be sent again when nobody knows what became of it.</summary>
internal enum Repeat
{
    /// <summary>Sending it twice is the same as sending it once.</summary>
    Freely,

    /// <summary>It creates something: <see cref="UncertainAnswer"/> lets the caller look first.</summary>
    AfterLooking,
}

/// <summary>One server: requests, repeats with growing pauses, and a sentence for each way it can fail.</summary>
internal sealed class MlflowConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(15);
    private readonly HttpClient client;
    private readonly BackOff backOff;
    private readonly TimeProvider time;
    private readonly string role;
    private readonly string settings;

    public MlflowConnection(string role, string settings, Address address, AuthenticationHeaderValue? credentials, int parallel, TimeProvider time, BackOff? backOff = null)
    {
        (this.role, this.settings, Address, this.time, this.backOff) = (role, settings, address, time, backOff ?? BackOff.Usual);
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // a redirect is a login page, and would carry the credentials elsewhere
            UseCookies = false,
            ConnectTimeout = ConnectPatience,
            MaxConnectionsPerServer = parallel * 2,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Authorization = credentials;
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("mlops", typeof(MlflowConnection).Assembly.GetName().Version?.ToString(3)));
    }

    public Address Address { get; }

    public string Name => $"{role} at {Address}";

    /// <summary>Whoever asks for the first time is told at once that nobody is there.</summary>
    public Task<T> FirstAsync<T>(string path, CancellationToken stop, params (string, string?)[] query) =>
        SendAsync(Request(HttpMethod.Get, path, body: null, query), ReadAsync<T>, Repeat.Freely, new BackOff(2, backOff.First, backOff.Longest), stop);

    public Task<T> GetAsync<T>(string path, CancellationToken stop, params (string, string?)[] query) =>
        SendAsync(Request(HttpMethod.Get, path, body: null, query), ReadAsync<T>, Repeat.Freely, backOff, stop);

    public Task<T> PostAsync<T>(string path, object body, CancellationToken stop, Repeat repeat = Repeat.Freely) =>
        SendAsync(Request(HttpMethod.Post, path, body), ReadAsync<T>, repeat, backOff, stop);

    public Task<T> SendAsync<T>(HttpMethod method, string path, object body, CancellationToken stop) =>
        SendAsync(Request(method, path, body), ReadAsync<T>, Repeat.Freely, backOff, stop);

    /// <summary>Opens a body to be read as it comes; what is known of its length and type comes with it.</summary>
    public Task<Download> OpenAsync(string path, CancellationToken stop, params (string, string?)[] query) =>
        SendAsync(Request(HttpMethod.Get, path, body: null, query), (answer, token) => Download.OpenAsync(answer, Name, Patience, token), Repeat.Freely, backOff, stop);

    /// <param name="open">Called for each attempt anew.</param>
    public Task PutAsync(string path, Func<CancellationToken, Task<Download>> open, CancellationToken stop) =>
        SendAsync(
            async patience => new HttpRequestMessage(HttpMethod.Put, Address.Of(path)) { Content = new CopiedContent(await open(stop), () => patience.CancelAfter(Patience)) },
            ReadAsync<Nothing>,
            Repeat.Freely,
            backOff,
            stop);

    public void Dispose() => client.Dispose();

    private Func<CancellationTokenSource, Task<HttpRequestMessage>> Request(HttpMethod method, string path, object? body, params (string, string?)[] query) => _ =>
        Task.FromResult(new HttpRequestMessage(method, Address.Of(path, query)) { Content = body is null ? null : Body(body) });

    /// <summary>With its length: MLflow reads a body that comes in chunks as an empty one.</summary>
    private static ByteArrayContent Body(object body) =>
        new(JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), Wire.Json)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private async Task<T> SendAsync<T>(
        Func<CancellationTokenSource, Task<HttpRequestMessage>> make, Func<HttpResponseMessage, CancellationToken, Task<T>> read, Repeat repeat, BackOff pauses, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            var failed = await TryAsync(make, read, stop);
            if (failed is Attempt<T>.Done done) return done.Value;
            var (cause, status, asked, sent) = (Attempt<T>.Failed)failed;
            if (!pauses.Again(attempt, status)) throw Final(cause, status);
            if (sent && repeat == Repeat.AfterLooking) throw new UncertainAnswer(cause.Message, cause);
            await Task.Delay(pauses.Pause(attempt, asked, Random.Shared.NextDouble()), time, stop);
        }
    }

    private async Task<Attempt<T>> TryAsync<T>(
        Func<CancellationTokenSource, Task<HttpRequestMessage>> make, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            using var request = await make(patience);
            patience.CancelAfter(Patience);
            var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (answer.StatusCode == HttpStatusCode.OK) return new Attempt<T>.Done(await read(answer, patience.Token));
            using (answer)
            {
                var refusal = await RefusalAsync(answer, patience.Token);
                var asked = answer.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - time.GetUtcNow() : null;
                return new Attempt<T>.Failed(refusal, answer.StatusCode, asked, Sent: answer.StatusCode is not HttpStatusCode.TooManyRequests);
            }
        }
        catch (HttpRequestException failure)
        {
            var neverSent = failure.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;
            return new Attempt<T>.Failed(failure, Status: null, Asked: null, Sent: !neverSent);
        }
        catch (IOException failure)
        {
            return new Attempt<T>.Failed(failure, Status: null, Asked: null, Sent: true);
        }
        catch (OperationCanceledException failure) when (!stop.IsCancellationRequested)
        {
            return new Attempt<T>.Failed(new TimeoutException($"no answer within {Patience.TotalSeconds:0} seconds", failure), Status: null, Asked: null, Sent: true);
        }
    }

    private Exception Final(Exception cause, HttpStatusCode? status) => (cause, status) switch
    {
        (_, HttpStatusCode.Unauthorized) => new CliFailure($"{Name} does not accept these credentials: they are missing, wrong, expired or withdrawn; {settings}.", cause),
        (_, >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest) => new CliFailure($"{Name} sends us to another page instead of answering: the address is not that of an MLflow API, or it asks for a sign-in that a tool cannot do.", cause),
        (MlflowRefusal, HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout) =>
            new CliFailure($"{Name} is not able to answer just now ({(int)status!}, {cause.Message}); try again later, the command continues where it ended.", cause),
        (MlflowRefusal, _) => cause,
        _ when Broken(cause) is { } broken => new CliFailure(broken.Sentence, cause),
        _ => new CliFailure($"{Name} cannot be reached: {Innermost(cause)}.", cause),
    };

    /// <summary>The other server's file that was being sent on.</summary>
    private static BrokenDownload? Broken(Exception? cause) => cause is null or BrokenDownload ? cause as BrokenDownload : Broken(cause.InnerException);

    private static string Innermost(Exception cause)
    {
        while (cause is not TimeoutException && cause.InnerException is { } inner) cause = inner;
        return cause.Message.TrimEnd('.');
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken stop)
    {
        using (answer)
        {
            if (typeof(T) == typeof(Nothing)) return (T)(object)new Nothing();
            try
            {
                return await answer.Content.ReadFromJsonAsync<T>(Wire.Json, stop) ?? throw new JsonException("null");
            }
            catch (JsonException failure)
            {
                throw new CliFailure($"{Name} does not answer as MLflow does; is it the right address?", failure);
            }
        }
    }

    private async Task<MlflowRefusal> RefusalAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        var text = await answer.Content.ReadAsStringAsync(stop);
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("error_code", out var code))
                return new MlflowRefusal(Name, answer.StatusCode, code.ToString(), json.RootElement.TryGetProperty("message", out var message) ? message.ToString() : "");
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("detail", out var detail) && detail.ValueKind == JsonValueKind.String)
                return new MlflowRefusal(Name, answer.StatusCode, "", $"{detail.GetString()} ({(int)answer.StatusCode})"); // the portal's own API
        }
        catch (JsonException)
        {
            // a page of a proxy, or of a web site that is no MLflow server at all
        }

        return new MlflowRefusal(Name, answer.StatusCode, "", $"{(int)answer.StatusCode} {answer.ReasonPhrase}");
    }

    private abstract record Attempt<T>
    {
        public sealed record Done(T Value) : Attempt<T>;

        public sealed record Failed(Exception Cause, HttpStatusCode? Status, TimeSpan? Asked, bool Sent) : Attempt<T>;
    }
}
