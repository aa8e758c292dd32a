using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.Cli.RoundTrip;

/// <summary>
/// Stands before a server and holds an answer back when it is told to: whoever asked can be killed at the one moment that is hardest to continue from,
/// with the work done and nobody told.
/// </summary>
internal sealed class Gateway : IAsyncDisposable
{
    /// <summary>As a shell says it: 128 and the number of the signal.</summary>
    private const int Killed = 137;

    private readonly WebApplication app;
    private readonly HttpClient client;
    private readonly Uri server;
    private readonly Lock counting = new();
    private readonly ConcurrentDictionary<string, (int Times, TimeSpan Took)> calls = new(StringComparer.Ordinal);
    private Hold? hold;
    private int underWay;
    private TaskCompletionSource? quiet;

    private Gateway(WebApplication app, Uri server) =>
        (this.app, this.server, client) = (app, server, new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan });

    public string Url => app.Urls.Single();

    /// <summary>Where the time went: calls by route, the longest in total first.</summary>
    public IEnumerable<string> Figures => calls.OrderByDescending(call => call.Value.Took).Take(12)
        .Select(call => string.Create(CultureInfo.InvariantCulture, $"  {call.Value.Times,7:N0} x {call.Value.Took.TotalMilliseconds / call.Value.Times,7:0.0} ms  {call.Key}"));

    public static async Task<Gateway> StartAsync(Uri server)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Logging.ClearProviders();
        var gateway = new Gateway(builder.Build(), server);
        gateway.app.Run(gateway.ForwardAsync);
        await gateway.app.StartAsync();
        return gateway;
    }

    /// <summary>Kills a process as soon as the server has carried out so many requests of a kind that the process has sent; the last of them it is never told about.</summary>
    /// <param name="path">How the request's path ends; with a slash at its end, what it contains.</param>
    public async Task KillAfterAsync(int times, string method, string path, Func<MlopsRun> start)
    {
        var waiting = new Hold(method, path, times);
        lock (counting) hold = waiting;
        using var run = start();
        var ended = run.EndAsync();
        if (await Task.WhenAny(waiting.Reached.Task, ended) == ended) throw new InvalidOperationException($"It ended before {times} times {method} {path}: {await ended}");
        (await run.EndAsync(Signal.Kill)).Code.ShouldBe(Killed);
        await QuietAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        client.Dispose();
    }

    /// <summary>What was under way when the process died is carried out, or has failed.</summary>
    private Task QuietAsync()
    {
        lock (counting)
        {
            hold = null;
            quiet = underWay > 0 ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
            return quiet?.Task ?? Task.CompletedTask;
        }
    }

    private async Task ForwardAsync(HttpContext context)
    {
        lock (counting) underWay++;
        try
        {
            await AnswerAsync(context);
        }
        catch (Exception failure) when (context.RequestAborted.IsCancellationRequested || failure is BadHttpRequestException)
        {
            context.Abort(); // whoever asked is gone, in the middle of what it sent or was sent
        }
        finally
        {
            lock (counting)
            {
                if (--underWay == 0) quiet?.TrySetResult();
            }
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var since = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(server, context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget));
        if (context.Request.ContentLength is not null || context.Request.Headers.TransferEncoding.Count > 0) request.Content = new StreamContent(context.Request.Body);
        foreach (var (name, values) in context.Request.Headers.Where(header => header.Key is not ("Host" or "Connection" or "Transfer-Encoding")))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)) request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        // Not ended by the death of whoever asks: the server gets all that was sent.
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        calls.AddOrUpdate($"{context.Request.Method} {Route(context.Request.Path)}", (1, Stopwatch.GetElapsedTime(since)), (_, sum) => (sum.Times + 1, sum.Took + Stopwatch.GetElapsedTime(since)));
        if (IsHeld(context.Request, answer.IsSuccessStatusCode)) await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);

        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Connection" or "Transfer-Encoding" or "Keep-Alive")))
            context.Response.Headers[name] = values.ToArray();
        if (context.Request.Method != HttpMethods.Head) await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private bool IsHeld(HttpRequest request, bool isDone)
    {
        lock (counting)
        {
            if (hold is not { } waiting || !isDone || request.Method != waiting.Method || !waiting.Names(request.Path.Value!) || --waiting.Left > 0) return false;
            waiting.Reached.TrySetResult();
            return true;
        }
    }

    /// <summary>Without the names and ids in it.</summary>
    private static string Route(PathString path) => string.Join('/', path.Value!.Split('/').Take(path.Value.Contains("artifacts", StringComparison.Ordinal) || path.Value.Contains("logged-models", StringComparison.Ordinal) ? 5 : 7));

    private sealed class Hold(string method, string path, int times)
    {
        public string Method { get; } = method;

        public int Left { get; set; } = times;

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Names(string asked) => path.EndsWith('/') ? asked.Contains(path, StringComparison.Ordinal) : asked.EndsWith(path, StringComparison.Ordinal);
    }
}
