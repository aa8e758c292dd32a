using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Json;

namespace MlOpsPortal.Platform.Jobs;

/// <summary>Starts a process. A host that can give children more isolation (a network namespace) registers its own.</summary>
public delegate Process StartChild(ProcessStartInfo start);

/// <summary>The portal's side of a child: starts it with an empty environment, listens, watches time and memory, and takes its answer.
/// However it ends, the portal goes on and the refusal says what happened.</summary>
public sealed class ChildProcess(IOptions<JobOptions> options, StartChild start, TimeProvider time, ILogger<ChildProcess> log) : IDisposable
{
    private const int MaxLine = 4096;
    private const long MaxAnswer = 64L << 20;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private readonly SemaphoreSlim places = new(options.Value.Children);

    /// <summary>A fresh folder for one child; dispose it when its results have been taken.</summary>
    public ScratchFolder NewScratch() => new(options.Value.ScratchFolder);

    /// <typeparam name="TAnswer">What the child's answer is parsed into; nothing else of it is believed.</typeparam>
    /// <returns>The answer, the verb's refusal, or <c>jobs.crashed</c>, <c>jobs.too_slow</c>, <c>jobs.too_much_memory</c>.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the child is dead.</exception>
    public async Task<Result<TAnswer>> RunAsync<TAnswer>(
        string verb, object spec, ScratchFolder scratch, ChildLimits limits, IProgress<JobProgress>? progress, CancellationToken cancellationToken)
    {
        var request = new ChildRequest(scratch.Path, JsonSerializer.SerializeToElement(spec, spec.GetType(), PortalJson.Options), limits);
        await File.WriteAllBytesAsync(Path.Combine(scratch.Path, JobHost.RequestFile), JsonSerializer.SerializeToUtf8Bytes(request, PortalJson.Options), cancellationToken);
        await places.WaitAsync(cancellationToken);
        try
        {
            var died = await LiveAsync(verb, scratch, limits, progress, cancellationToken);
            return died is null ? await TakeAnswerAsync<TAnswer>(scratch, cancellationToken) : died;
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose() => places.Dispose();

    /// <returns>How it died; null when it came to its end.</returns>
    private async Task<Refusal?> LiveAsync(string verb, ScratchFolder scratch, ChildLimits limits, IProgress<JobProgress>? progress, CancellationToken cancellationToken)
    {
        using var child = start(StartInfo(verb, scratch, limits));
        var output = ReadProgressAsync(child.StandardOutput, progress);
        var errors = ReadTailAsync(child.StandardError);
        Refusal? killed = null;
        try
        {
            killed = await WatchAsync(child, limits, cancellationToken);
        }
        finally
        {
            if (!child.HasExited)
                child.Kill(entireProcessTree: true);
            await child.WaitForExitAsync(CancellationToken.None);
        }

        await output;
        var said = await errors;
        if (killed is not null || child.ExitCode == 0)
            return killed;
        log.LogWarning("Child {Verb} ended with {ExitCode}: {Errors}", verb, child.ExitCode, said);
        return Explain(child.ExitCode, said);
    }

    private async Task<Refusal?> WatchAsync(Process child, ChildLimits limits, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var exit = child.WaitForExitAsync(cancellationToken);
        using var timer = new PeriodicTimer(Look);
        while (true)
        {
            var tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
            if (await Task.WhenAny(exit, tick) == exit)
            {
                await exit;
                return null;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (time.GetElapsedTime(started) > limits.WallTime)
                return TooSlow(limits);
            if (Resident(child.Id) > limits.Resident)
                return TooMuchMemory();
        }
    }

    private ProcessStartInfo StartInfo(string verb, ScratchFolder scratch, ChildLimits limits)
    {
        var program = options.Value.Program is { Length: > 0 } set ? set : ThisProgram();
        var info = new ProcessStartInfo(OnPath(program[0]))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = scratch.Path,
        };
        foreach (var argument in program.Skip(1).Concat(["job", verb, scratch.Path]))
            info.ArgumentList.Add(argument);
        info.Environment.Clear();
        info.Environment["DOTNET_GCHeapHardLimit"] = limits.Heap.ToString("x", CultureInfo.InvariantCulture);
        info.Environment["DOTNET_EnableDiagnostics"] = "0";
        info.Environment["DOTNET_TieredPGO"] = "0";
        info.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        info.Environment["HOME"] = scratch.Spill;
        info.Environment["TMPDIR"] = scratch.Spill;
        info.Environment["LANG"] = "C.UTF-8";
        if (Environment.GetEnvironmentVariable("MLOPS_NATIVE") is { Length: > 0 } native)
            info.Environment["MLOPS_NATIVE"] = native;
        return info;
    }

    /// <summary>The full path of a program: the child gets no search path, and what starts it may look with the child's.</summary>
    private static string OnPath(string program) =>
        program.Contains('/', StringComparison.Ordinal)
            ? program
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) ?? program;

    private static string[] ThisProgram()
    {
        var process = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no program file.");
        if (Path.GetFileNameWithoutExtension(process) != "dotnet")
            return [process];
        var entry = Assembly.GetEntryAssembly()?.Location;
        return string.IsNullOrEmpty(entry) ? throw new InvalidOperationException("This process has no program to start children of.") : [process, entry];
    }

    private static async Task ReadProgressAsync(StreamReader output, IProgress<JobProgress>? progress)
    {
        var buffer = new char[MaxLine];
        var line = new StringBuilder();
        int read;
        while ((read = await output.ReadAsync(buffer.AsMemory())) > 0)
            foreach (var character in buffer.AsMemory(0, read).ToArray())
            {
                if (character != '\n' && line.Length < MaxLine)
                    line.Append(character);
                if (character != '\n')
                    continue;
                if (Parse(line.ToString()) is { } heard)
                    progress?.Report(heard);
                line.Clear();
            }
    }

    private static JobProgress? Parse(string line)
    {
        try
        {
            return line.StartsWith('{') ? JsonSerializer.Deserialize<JobProgress>(line, PortalJson.Options) : null;
        }
        catch (JsonException)
        {
            return null; // not progress: a native library talks to stdout as well
        }
    }

    private static async Task<string> ReadTailAsync(StreamReader errors)
    {
        var tail = new StringBuilder();
        var buffer = new char[MaxLine];
        int read;
        while ((read = await errors.ReadAsync(buffer.AsMemory())) > 0)
            if (tail.Length < MaxLine)
                tail.Append(buffer, 0, read);
        return tail.ToString();
    }

    private static async Task<Result<TAnswer>> TakeAnswerAsync<TAnswer>(ScratchFolder scratch, CancellationToken cancellationToken)
    {
        var file = new FileInfo(Path.Combine(scratch.Path, JobHost.AnswerFile));
        if (!file.Exists || file.LinkTarget is not null || file.Length > MaxAnswer)
            return Crashed();
        try
        {
            var answer = JsonSerializer.Deserialize<ChildAnswer>(await File.ReadAllBytesAsync(file.FullName, cancellationToken), PortalJson.Options);
            if (answer?.Refusal is { } refusal)
                return refusal;
            return answer?.Value is { } value && value.Deserialize<TAnswer>(PortalJson.Options) is { } typed ? typed : Crashed();
        }
        catch (JsonException)
        {
            return Crashed();
        }
    }

    private static Validation Explain(int exitCode, string said)
    {
        const int CpuLimit = 128 + 24, FileLimit = 128 + 25;
        if (exitCode == JobHost.OutOfMemory || said.Contains("Out of memory", StringComparison.OrdinalIgnoreCase) || said.Contains("OutOfMemory", StringComparison.Ordinal))
            return TooMuchMemory();
        return exitCode switch
        {
            CpuLimit => new Validation("jobs.too_slow_cpu") { Kind = ValidationKind.Unprocessable },
            FileLimit => new Validation("jobs.too_large") { Kind = ValidationKind.Unprocessable },
            _ => Crashed(),
        };
    }

    // What a file does to its child is the file's fault, not the portal's: the same file would do it again.
    private static Validation Crashed() => new("jobs.crashed") { Kind = ValidationKind.Unprocessable };

    private static Validation TooSlow(ChildLimits limits) =>
        new("jobs.too_slow", limits.WallTime.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)) { Kind = ValidationKind.Unprocessable };

    private static Validation TooMuchMemory() => new("jobs.too_much_memory") { Kind = ValidationKind.Unprocessable };

    /// <summary>Bytes in memory; 0 when the process is gone.</summary>
    private static long Resident(int process)
    {
        try
        {
            foreach (var line in File.ReadLines($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/status"))
                if (line.StartsWith("VmRSS:", StringComparison.Ordinal))
                    return long.Parse(line.AsSpan(6, line.Length - 9).Trim(), CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }

        return 0;
    }
}
