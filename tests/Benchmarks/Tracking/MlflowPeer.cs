using System.Globalization;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.Benchmarks.Tracking;

/// <summary>MLflow's own server: SQLite, one worker, loopback, files in a folder.</summary>
internal sealed class MlflowPeer : IAsyncDisposable
{
    private readonly ChildProcess process;
    private readonly string data;

    private MlflowPeer(ChildProcess process, string data, Uri url) => (this.process, this.data, Url) = (process, data, url);

    public Uri Url { get; }

    public static async Task<MlflowPeer> StartAsync(string python)
    {
        var folder = Directory.CreateTempSubdirectory("mlops-benchmark-").FullName;
        var url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Choose(preferred: null)}"));
        var started = ChildProcess.Start(new ChildCommand
        {
            Name = "MLflow's server",
            Command =
            [
                python, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", url.Port.ToString(CultureInfo.InvariantCulture), "--workers", "1",
                "--backend-store-uri", $"sqlite:///{folder}/mlflow.db", "--artifacts-destination", Path.Combine(folder, "artifacts"),
            ],
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["MLFLOW_DISABLE_TELEMETRY"] = "true", ["DO_NOT_TRACK"] = "1", ["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] = "false" },
            WorkingDirectory = folder,
            LogFile = Path.Combine(folder, "server.log"),
        });
        var peer = new MlflowPeer(started, folder, url);
        using var probe = new HttpClient { BaseAddress = url };
        await Readiness.WaitAsync(started, () => AnswersAsync(probe), TimeSpan.FromMinutes(2), CancellationToken.None);
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        await process.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(20));
        Directory.Delete(data, recursive: true);
    }

    private static async Task<bool> AnswersAsync(HttpClient probe)
    {
        try
        {
            using var answer = await probe.GetAsync("/health");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // nobody listens yet
        }
    }
}
