using System.Diagnostics;
using System.Globalization;

namespace MlOpsPortal.LocalServices;

/// <summary>Node.js, which runs Azurite and the PostgreSQL package's own set-up script.</summary>
public static class NodeRuntime
{
    public const int OldestVersion = 20;

    private const string Remedy = "install Node.js 20 or later (https://nodejs.org, or your distribution's package) and start again.";

    /// <summary>The full path of `node`; a missing or too old one is a <see cref="LaunchException"/>.</summary>
    public static async Task<string> FindAsync(CancellationToken cancellation)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        var node = path.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, "node")).FirstOrDefault(File.Exists)
            ?? throw new LaunchException($"Node.js was not found on the PATH: {Remedy}");
        var version = await VersionAsync(node, cancellation);
        var major = version.TrimStart('v').Split('.')[0];
        if (!int.TryParse(major, CultureInfo.InvariantCulture, out var number) || number < OldestVersion)
            throw new LaunchException($"{node} answers version '{version}', which is too old or no Node.js: {Remedy}");
        return node;
    }

    private static async Task<string> VersionAsync(string node, CancellationToken cancellation)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(node, "--version") { RedirectStandardOutput = true, UseShellExecute = false })
                ?? throw new LaunchException($"{node} could not be started: {Remedy}");
            var said = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return said.Trim();
        }
        catch (System.ComponentModel.Win32Exception refused)
        {
            throw new LaunchException($"{node} could not be started ({refused.Message}): {Remedy}", refused);
        }
    }
}
