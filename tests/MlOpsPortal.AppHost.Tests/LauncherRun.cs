using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.AppHost.Tests;

/// <summary>The launcher as a process of its own, with a stand-in for the portal; killed with the test if it is still there.</summary>
internal sealed class LauncherRun : IDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LauncherRun(Process process)
    {
        this.process = process;
        Outputs = Task.WhenAll(ReadAsync(process.StandardOutput, output), ReadAsync(process.StandardError, errors));
    }

    private Task Outputs { get; }

    public static LauncherRun Start(TempFolder temp, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        string[] all = [Path.Combine(AppContext.BaseDirectory, "MlOpsPortal.AppHost.dll"), "--data", temp.Data, "--port", temp.Port.ToString(CultureInfo.InvariantCulture), "--portal", temp.Portal, .. arguments];
        foreach (var argument in all) start.ArgumentList.Add(argument);
        start.Environment["TEST_PORTAL_RECORD"] = temp.Record;
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new LauncherRun(Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start."));
    }

    /// <summary>Waits for `ready:`; its end before that fails the test with what it said.</summary>
    public async Task ReadyAsync(CancellationToken stop)
    {
        var ended = process.WaitForExitAsync(stop);
        if (await Task.WhenAny(ready.Task, ended) == ready.Task) return;
        await ended;
        await Outputs;
        throw new InvalidOperationException($"The launcher ended with {process.ExitCode}:\n{output}{errors}");
    }

    public async Task<(int Code, string Output, string Errors)> EndAsync(CancellationToken stop)
    {
        await process.WaitForExitAsync(stop);
        await Outputs;
        return (process.ExitCode, output.ToString(), errors.ToString());
    }

    public Task<(int Code, string Output, string Errors)> SignalAsync(Signal signal, CancellationToken stop)
    {
        Linux.Send(process.Id, signal);
        return EndAsync(stop);
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }

    private async Task ReadAsync(StreamReader from, StringBuilder to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (to) to.AppendLine(line);
            if (line.StartsWith("ready: ", StringComparison.Ordinal)) ready.TrySetResult();
        }
    }
}

/// <summary>A data folder, a free port, the stand-in for the portal and what it recorded.</summary>
internal sealed class TempFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public TempFolder()
    {
        // Under root, PostgreSQL's own user must be able to pass through.
        File.SetUnixFileMode(Folder, OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        using var script = typeof(TempFolder).Assembly.GetManifestResourceStream("test-portal.js") ?? throw new InvalidOperationException("test-portal.js is not embedded.");
        using var file = new FileStream(Portal, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        script.CopyTo(file);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("mlopsportal-").FullName;

    public int Port { get; } = FreePort.Choose(null);

    public string Data => Path.Combine(Folder, "data");

    public string Portal => Path.Combine(Folder, "portal");

    public string Record => Path.Combine(Folder, "record");

    public IReadOnlyList<JsonElement> Recorded(string @event) =>
        [.. File.ReadAllLines(Record).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).Where(fact => fact.GetProperty("event").GetString() == @event)];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
