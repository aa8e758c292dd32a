using System.Globalization;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.MlflowContract.Environments;

/// <summary>MLflow's own server with an empty SQLite, on loopback, one worker: the one to agree with.</summary>
public sealed class MlflowServer : IAsyncDisposable
{
    /// <summary>Ends the server when it is told to, and when the process that started it is gone.</summary>
    private const string Script =
        """
        parent=$1; shift
        "$@" & server=$!
        trap 'kill -TERM $server; wait $server; exit 0' TERM
        while kill -0 "$parent" 2>/dev/null && kill -0 $server 2>/dev/null; do sleep 1 & wait $!; done
        kill -TERM $server 2>/dev/null; wait $server
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly ChildProcess process;
    private readonly string folder;

    private MlflowServer(ChildProcess process, string folder, Uri url) => (this.process, this.folder, Url) = (process, folder, url);

    public Uri Url { get; }

    public static async Task<MlflowServer> StartAsync(string python, CancellationToken cancellation)
    {
        var data = Directory.CreateTempSubdirectory("mlops-mlflow-").FullName;
        var url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Choose(preferred: null)}"));
        var started = ChildProcess.Start(new ChildCommand
        {
            Name = "MLflow's server",
            Command =
            [
                "/bin/sh", "-c", Script, "mlflow", Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
                python, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", url.Port.ToString(CultureInfo.InvariantCulture), "--workers", "1",
                "--backend-store-uri", $"sqlite:///{data}/mlflow.db", "--artifacts-destination", Path.Combine(data, "artifacts"),
            ],
            Environment = new Dictionary<string, string?>(PythonScript.Quiet, StringComparer.Ordinal) { ["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] = "false" },
            WorkingDirectory = data,
            LogFile = Path.Combine(data, "server.log"),
        });
        var server = new MlflowServer(started, data, url);
        using var probe = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            await Readiness.WaitAsync(started, () => AnswersAsync(probe, cancellation), Patience, cancellation);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await process.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(20));
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<bool> AnswersAsync(HttpClient probe, CancellationToken cancellation)
    {
        try
        {
            using var answer = await probe.GetAsync("/health", cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // nobody listens yet
        }
    }
}
