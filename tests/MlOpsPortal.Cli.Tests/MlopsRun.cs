using System.Diagnostics;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.Cli;

/// <summary>How the tool ended.</summary>
internal sealed record MlopsEnd(int Code, string Output, string Errors);

/// <summary>The tool, or the loader beside it, as a process of its own, to be killed in the middle.</summary>
internal sealed class MlopsRun : IDisposable
{
    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> errors;

    private MlopsRun(Process process) => (this.process, output, errors) = (process, process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());

    public static MlopsRun Start(string[] arguments, params (string Name, string? Value)[] environment) =>
        StartProgram("dotnet", [Path.Combine(AppContext.BaseDirectory, "mlops.dll"), .. arguments], environment);

    public static MlopsRun StartProgram(string program, string[] arguments, params IEnumerable<(string Name, string? Value)> environment)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new MlopsRun(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."));
    }

    public static async Task<MlopsEnd> ToEndAsync(string[] arguments, params (string Name, string? Value)[] environment)
    {
        using var run = Start(arguments, environment);
        return await run.EndAsync();
    }

    public async Task<MlopsEnd> EndAsync()
    {
        await process.WaitForExitAsync();
        return new MlopsEnd(process.ExitCode, await output, await errors);
    }

    /// <summary>SIGKILL, or a kinder one.</summary>
    public Task<MlopsEnd> EndAsync(Signal signal)
    {
        Linux.Send(process.Id, signal);
        return EndAsync();
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }
}
