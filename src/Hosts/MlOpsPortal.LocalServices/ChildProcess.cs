using System.Diagnostics;

namespace MlOpsPortal.LocalServices;

/// <summary>What to start, and where its identity and its output go.</summary>
public sealed record ChildCommand
{
    /// <summary>How a person would call it: "PostgreSQL".</summary>
    public required string Name { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Added to our own environment; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    public string WorkingDirectory { get; init; } = "/";

    /// <summary>Null for a child that ends by itself while we wait.</summary>
    public string? IdentityFile { get; init; }

    public required string LogFile { get; init; }
}

/// <summary>
/// A child in its own session, so that Ctrl+C at the terminal reaches us alone and we choose the order in which things stop.
/// It writes its own identity before it becomes the program: there is no moment at which killing us leaves an unknown child.
/// </summary>
public sealed class ChildProcess
{
    private const string Script =
        """
        umask 077
        if [ -n "$1" ]; then cat "/proc/$$/stat" /proc/sys/kernel/random/boot_id >"$1.new" && mv "$1.new" "$1" || exit 126; fi
        exec >>"$2" 2>&1 </dev/null
        shift 2
        exec setsid "$@"
        """;

    private readonly Process process;
    private readonly ChildCommand command;
    private readonly long logStart;

    private ChildProcess(ChildCommand command, long logStart, Process process)
    {
        this.command = command;
        this.logStart = logStart;
        this.process = process;
        Exited = WaitAsync(process);
    }

    public string Name => command.Name;

    public string LogFile => command.LogFile;

    public int Id => process.Id;

    /// <summary>Completes with the exit code (128 + signal when killed).</summary>
    public Task<int> Exited { get; }

    public static ChildProcess Start(ChildCommand command)
    {
        var log = new FileInfo(command.LogFile);
        var alreadyThere = log.Exists ? log.Length : 0; // read now: afterwards the child may have written already
        var start = new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", Script, "sh", command.IdentityFile ?? "", command.LogFile },
            WorkingDirectory = command.WorkingDirectory,
        };
        foreach (var argument in command.Command) start.ArgumentList.Add(argument);
        foreach (var (name, value) in command.Environment) start.Environment[name] = value;
        var started = Process.Start(start) ?? throw new LaunchException($"{command.Name} could not be started.");
        return new ChildProcess(command, alreadyThere, started);
    }

    /// <summary>Runs a child to its end; any exit code but 0 is a <see cref="LaunchException"/> with the end of its output.</summary>
    public static async Task RunAsync(ChildCommand command, CancellationToken cancellation)
    {
        var child = Start(command);
        try
        {
            var code = await child.Exited.WaitAsync(cancellation);
            if (code != 0) throw child.Died(code);
        }
        catch (OperationCanceledException)
        {
            await child.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(10));
            throw;
        }
    }

    /// <summary>Asks it to end by a signal, and ends its whole session when it has not after <paramref name="patience"/>.</summary>
    /// <returns>False when it had to be killed.</returns>
    public async Task<bool> StopAsync(Signal signal, TimeSpan patience)
    {
        var obeyed = true;
        if (!Exited.IsCompleted)
        {
            Linux.Send(Id, signal);
            if (await Task.WhenAny(Exited, Task.Delay(patience)) != Exited)
            {
                obeyed = false;
                Linux.Send(-Id, Signal.Kill);
                await Exited;
            }
        }

        if (command.IdentityFile is { } file) File.Delete(file);
        return obeyed;
    }

    /// <summary>Whether the child that wrote this file is alive, whoever started it.</summary>
    public static bool IsRunning(string identityFile) => ProcessIdentity.Read(identityFile) is { IsAlive: true };

    /// <summary>Stops a child that outlived the launcher which started it. No such child is no error.</summary>
    public static async Task StopLeftoverAsync(string identityFile, Signal signal, TimeSpan patience)
    {
        if (ProcessIdentity.Read(identityFile) is { IsAlive: true } leftover)
        {
            Linux.Send(leftover.Id, signal);
            if (!await EndsWithinAsync(leftover, patience))
            {
                Linux.Send(-leftover.Id, Signal.Kill);
                await EndsWithinAsync(leftover, TimeSpan.FromSeconds(10));
            }
        }

        File.Delete(identityFile);
    }

    /// <summary>The sentence for a child that ended by itself: what it said last.</summary>
    public LaunchException Died(int exitCode)
    {
        var tail = LogTail();
        var said = tail.Length == 0 ? "It wrote nothing" : $"Its last lines:\n{tail}\nAll of it";
        return new LaunchException($"{Name} ended unexpectedly with exit code {exitCode}. {said}: {LogFile}");
    }

    /// <summary>The last lines this child wrote, indented; empty when it wrote none.</summary>
    public string LogTail(int lines = 10)
    {
        if (!File.Exists(LogFile)) return "";
        using var stream = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = Math.Max(logStart, stream.Length - 16_384);
        using var reader = new StreamReader(stream);
        var all = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('\n', all.TakeLast(lines).Select(line => "  " + line));
    }

    private static async Task<bool> EndsWithinAsync(ProcessIdentity process, TimeSpan patience)
    {
        for (var since = Stopwatch.StartNew(); since.Elapsed < patience;)
        {
            if (!process.IsAlive) return true;
            await Task.Delay(20); // not our child: nothing to await
        }

        return !process.IsAlive;
    }

    private static async Task<int> WaitAsync(Process process)
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
