using System.Globalization;

namespace MlOpsPortal.LocalServices;

/// <summary>Azure's blob storage emulator, for development and tests: it saves its metadata every 5 seconds, so end it by SIGTERM, after the portal.</summary>
public sealed class Azurite
{
    private const string Identity = "azurite";
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    private Azurite(string connectionString, ChildProcess process) => (ConnectionString, Process) = (connectionString, process);

    public string ConnectionString { get; }

    public ChildProcess Process { get; }

    public static async Task<Azurite> StartAsync(DataFolder data, string nodeModules, CancellationToken cancellation)
    {
        await StopLeftoverAsync(data);
        var node = await NodeRuntime.FindAsync(cancellation);
        var program = Path.Combine(nodeModules, "azurite", "dist", "src", "blob", "main.js");
        if (!File.Exists(program))
            throw new LaunchException($"Azurite was not found in {nodeModules}: run `npm ci --ignore-scripts` in {Path.GetDirectoryName(nodeModules)} and start again.");
        var tuning = await WriteTuningAsync(data, cancellation);
        var secrets = data.Secrets;
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort.Choose(attempt == 1 ? data.Remembered.BlobPort : null);
            var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/{secrets.BlobAccount}");
            var process = ChildProcess.Start(new ChildCommand
            {
                Name = "Azurite",
                Command =
                [
                    node, "--require", tuning, program, "--blobHost", "127.0.0.1", "--blobPort", port.ToString(CultureInfo.InvariantCulture),
                    "--location", data.Sub("azurite"), "--silent", "--skipApiVersionCheck", "--disableTelemetry",
                ],
                Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["AZURITE_ACCOUNTS"] = $"{secrets.BlobAccount}:{secrets.BlobKey}", ["NODE_OPTIONS"] = null },
                WorkingDirectory = data.Path,
                IdentityFile = data.IdentityFile(Identity),
                LogFile = data.LogFile("azurite"),
            });
            try
            {
                await Readiness.WaitAsync(process, () => AnswersAsync(address, cancellation), StartPatience, cancellation);
                data.Remember(known => known with { BlobPort = port });
                return new Azurite($"DefaultEndpointsProtocol=http;AccountName={secrets.BlobAccount};AccountKey={secrets.BlobKey};BlobEndpoint={address};", process);
            }
            catch (LaunchException) when (attempt < 3 && process.Exited.IsCompleted && !FreePort.IsFree(port))
            {
                // somebody took the port between our look and the server's: the next attempt takes another
            }
            catch
            {
                await process.StopAsync(Signal.Terminate, StopPatience);
                throw;
            }
        }
    }

    /// <summary>Whether one runs on this data folder, whoever started it.</summary>
    public static bool IsRunning(string dataFolder) => ChildProcess.IsRunning(DataFolder.IdentityFile(dataFolder, Identity));

    public Task StopAsync() => Process.StopAsync(Signal.Terminate, StopPatience);

    public static Task StopLeftoverAsync(DataFolder data) => ChildProcess.StopLeftoverAsync(data.IdentityFile(Identity), Signal.Terminate, StopPatience);

    /// <summary>What Azurite is told before its own code: see the file itself.</summary>
    private static async Task<string> WriteTuningAsync(DataFolder data, CancellationToken cancellation)
    {
        const string Name = "azurite-tuning.cjs";
        var path = Path.Combine(data.Sub("run"), Name);
        await using var source = typeof(Azurite).Assembly.GetManifestResourceStream(Name) ?? throw new InvalidOperationException($"The assembly carries no {Name}.");
        await using var file = File.Create(path);
        await source.CopyToAsync(file, cancellation);
        return path;
    }

    /// <summary>Any answer will do: without a signature it is a refusal.</summary>
    private static async Task<bool> AnswersAsync(string address, CancellationToken cancellation)
    {
        try
        {
            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            using var answer = await client.GetAsync(new Uri(address + "?comp=list"), cancellation);
            return true;
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
