using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MlOpsPortal.Cli.Connections;

namespace MlOpsPortal.Cli;

/// <summary>Answers as it is told to, on loopback, and remembers what it was asked.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private TestServer(WebApplication app) => this.app = app;

    public List<string> Asked { get; } = [];

    public Address Address => Address.Parse(app.Urls.Single(), "The test server");

    public static Task<TestServer> StartAsync(Func<int, (int Status, string Body)> answer) => StartAsync(async (number, context) =>
    {
        var (status, body) = answer(number);
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(body);
    });

    /// <param name="answer">Gets the number of the request, from 1.</param>
    public static async Task<TestServer> StartAsync(Func<int, HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = new TestServer(builder.Build());
        server.app.Run(context =>
        {
            int number;
            lock (server.Asked)
            {
                server.Asked.Add($"{context.Request.Method} {context.Request.Path.Value}{context.Request.QueryString}");
                number = server.Asked.Count;
            }

            return answer(number, context);
        });
        await server.app.StartAsync();
        return server;
    }

    /// <summary>With pauses that no test has to wait for.</summary>
    public MlflowConnection Connect() =>
        new("The server", "set TOKEN", Address, credentials: null, parallel: 2, TimeProvider.System, new BackOff(4, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2)));

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
