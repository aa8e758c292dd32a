using System.Diagnostics;

namespace MlOpsPortal.MlflowContract.Environments;

/// <param name="Output">Standard output and error, as they came.</param>
internal sealed record PythonEnd(int Code, string Output);

/// <summary>Runs Python to its end.</summary>
internal static class PythonProcess
{
    /// <param name="environment">Added to our own; null removes a variable.</param>
    public static async Task<PythonEnd> RunAsync(string python, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment, TimeSpan patience)
    {
        var start = new ProcessStartInfo(python) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false, WorkingDirectory = Path.GetTempPath() };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{python} could not be started.");
        process.StandardInput.Close();
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{string.Join(' ', arguments)} did not end within {patience.TotalSeconds:0} s: {string.Join('\n', await output)}", late);
        }

        return new PythonEnd(process.ExitCode, string.Join('\n', await output));
    }
}
