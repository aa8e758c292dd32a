using System.Diagnostics;
using System.Globalization;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.Testing;

/// <summary>The portal as a process of its own (<c>serve</c>), which can be killed and started again on the same data and address.</summary>
public sealed class PortalProcess : TestPortal
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(4);
    private readonly string identity;
    private readonly HttpClient probe = new() { Timeout = TimeSpan.FromSeconds(20) };
    private ChildProcess? running;

    private readonly IReadOnlyDictionary<string, string?> more;

    private PortalProcess(PortalSettings settings, int port, IReadOnlyDictionary<string, string?>? more)
        : base(settings)
    {
        this.more = more ?? new Dictionary<string, string?>(StringComparer.Ordinal);
        Url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        identity = Path.Combine(settings.Folder, "portal.process");
    }

    public override Uri Url { get; }

    /// <summary>What the portal wrote, all starts together.</summary>
    public string LogFile => Path.Combine(Settings.Folder, "portal.log");

    /// <summary>What the portal wrote about one request, with the exception.</summary>
    public string LogOf(string traceId)
    {
        using var log = new StreamReader(new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        var (lines, isIts) = (new List<string>(), false);
        while (log.ReadLine() is { } line)
        {
            isIts = line.StartsWith(' ') ? isIts : line.Contains(traceId, StringComparison.Ordinal);
            if (isIts)
                lines.Add(line);
        }

        return lines.Count > 0 ? string.Join('\n', lines) : "The portal's log says nothing about it.";
    }

    /// <param name="more">Settings besides the usual ones.</param>
    /// <param name="database">One of the test's own; null for a fresh one on the server that all tests share.</param>
    /// <param name="blobs">One of the test's own, as connection string; null for the one that all tests share.</param>
    public static async Task<PortalProcess> StartAsync(IReadOnlyDictionary<string, string?>? more, CancellationToken cancellation, DatabaseConnections? database = null, string? blobs = null)
    {
        var portal = new PortalProcess(await PortalSettings.CreateAsync(cancellation, database, blobs), FreePort.Choose(preferred: null), more);
        await portal.StartAgainAsync(cancellation);
        return portal;
    }

    /// <returns>How long it took until the portal was ready.</returns>
    public async Task<TimeSpan> StartAgainAsync(CancellationToken cancellation)
    {
        var since = Stopwatch.StartNew();
        running = ChildProcess.Start(new ChildCommand
        {
            Name = "The portal under test",
            // A disk that is full is made by a limit on the size of files, whose signal would end the process. Arguments go before the environment, and may have a point in their name.
            Command = ["/bin/sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh", "dotnet", PortalSettings.Program, "serve", "--urls", Url.ToString(), .. more.Select(value => $"--{value.Key}={value.Value}")],
            Environment = Settings.Values().Append(new("ASPNETCORE_ENVIRONMENT", "Production")).ToDictionary(
                value => value.Key.Replace(":", "__", StringComparison.Ordinal), value => value.Value, StringComparer.Ordinal),
            WorkingDirectory = Path.GetDirectoryName(PortalSettings.Program)!, // a file in a folder
            IdentityFile = identity,
            LogFile = LogFile,
        });
        await Readiness.WaitAsync(running, () => IsReadyAsync(cancellation), StartPatience, cancellation);
        return since.Elapsed;
    }

    /// <summary>Whether database and blob store answer it.</summary>
    public Task<bool> IsReadyAsync() => IsReadyAsync(CancellationToken.None);

    /// <summary>From now on no file gets longer than so many bytes, as on a disk that is full; null when there is room again.</summary>
    public void LimitFiles(long? bytes) => FileLimit.Set(running?.Id ?? throw new InvalidOperationException("The portal does not run."), bytes);

    /// <summary>SIGKILL: nothing is said good-bye to.</summary>
    public Task KillAsync() => running?.StopAsync(Signal.Kill, TimeSpan.FromSeconds(10)) ?? throw new InvalidOperationException("The portal does not run.");

    /// <summary>SIGTERM: what is under way is finished, and the log is written to its end.</summary>
    public Task StopAsync() => running?.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(30)) ?? Task.CompletedTask;

    public override async ValueTask DisposeAsync()
    {
        await StopAsync();
        probe.Dispose();
        await base.DisposeAsync();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await probe.GetAsync(new Uri(Url, "/health/ready"), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return false; // nobody listens yet, or nobody has time to answer
        }
    }
}
