using System.Text.Json;

namespace MlOpsPortal.MlflowContract.Environments;

/// <summary>Runs one of this project's client scripts.</summary>
internal static class PythonScript
{
    private const string Mark = "RESULT ";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>MLflow asks nobody outside, and does not repeat what failed for minutes.</summary>
    public static IReadOnlyDictionary<string, string?> Quiet { get; } = new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["MLFLOW_DISABLE_TELEMETRY"] = "true",
        ["DO_NOT_TRACK"] = "1",
        ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "2",
        ["MLFLOW_TRACKING_USERNAME"] = null,
        ["MLFLOW_TRACKING_PASSWORD"] = null,
        ["MLFLOW_TRACKING_TOKEN"] = null,
        ["PYTHONDONTWRITEBYTECODE"] = "1",
        ["PYTHONWARNINGS"] = "ignore",
    };

    /// <returns>What the script found: the JSON that it printed last.</returns>
    public static async Task<JsonElement> RunAsync(string python, string script, Uri server, IReadOnlyDictionary<string, string?> environment)
    {
        var all = new Dictionary<string, string?>(Quiet, StringComparer.Ordinal) { ["MLFLOW_TRACKING_URI"] = server.ToString().TrimEnd('/') };
        foreach (var (name, value) in environment)
            all[name] = value;
        var (code, output) = await PythonProcess.RunAsync(python, [Path.Combine(ProjectFolder.Clients, script)], all, Patience);
        return code == 0 && output.Split('\n').LastOrDefault(line => line.StartsWith(Mark, StringComparison.Ordinal)) is { } result
            ? JsonElement.Parse(result[Mark.Length..])
            : throw new InvalidOperationException($"{script} ended with {code}:\n{output}");
    }
}
