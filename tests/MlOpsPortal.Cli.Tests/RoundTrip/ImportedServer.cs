using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MlOpsPortal.LocalServices;
using MlOpsPortal.MlflowContract.Environments;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Cli.RoundTrip;

/// <summary>MLflow's own server, filled, and a portal into which it was imported by a tool that was killed twice on the way.</summary>
public sealed class ImportedServer : IAsyncLifetime
{
    /// <summary>Two thousand runs take minutes; fewer have everything in them too.</summary>
    private const string RunsVariable = "MLOPSPORTAL_IMPORT_RUNS";
    private const int UsualRuns = 90;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly MlflowEnvironments environments = new();
    private MlflowServer? source;
    private PortalHost? portal;

    public static int Runs { get; } = int.TryParse(Environment.GetEnvironmentVariable(RunsVariable), CultureInfo.InvariantCulture, out var given) ? given : UsualRuns;

    public Uri Source => source?.Url ?? throw new InvalidOperationException("MLflow's server has not started.");

    public Uri Portal => portal?.Url ?? throw new InvalidOperationException("The portal has not started.");

    public string Python => environments.CurrentPython;

    internal TestMember Importer { get; private set; } = null!; // set before any test runs

    internal TestProject Project { get; private set; } = null!; // set before any test runs

    /// <summary>How the run ended that was not killed.</summary>
    internal MlopsEnd Imported { get; private set; } = null!; // set before any test runs

    internal JsonElement Report { get; private set; }

    public async ValueTask InitializeAsync()
    {
        await environments.InitializeAsync();
        var starting = MlflowServer.StartAsync(Python, CancellationToken.None);
        portal = await PortalHost.StartAsync();
        var tenant = await portal.TenantAsync("import");
        (Importer, Project) = (tenant[Role.DataScientist], await tenant.ProjectAsync("Churn"));
        source = await starting;
        await TimedAsync($"filling MLflow's server with {Runs} runs", () => ScriptAsync("fill.py", Source.ToString(), "--runs", $"{Runs}"));
        await KillWhenAsync("half of the runs are created", "", Runs / 2);
        await KillWhenAsync("a third of them is complete", "tags.`mlopsportal.import_state` != ''", Runs / 3);
        var report = Path.GetTempFileName();
        Imported = await TimedAsync("the rest of the import", () => MlopsRun.ToEndAsync(ImportArguments("--report", report), Settings));
        Report = JsonElement.Parse(await File.ReadAllTextAsync(report));
        File.Delete(report);
    }

    public async ValueTask DisposeAsync()
    {
        if (source is not null) await source.DisposeAsync();
        if (portal is not null) await portal.DisposeAsync();
    }

    internal string[] ImportArguments(params string[] more) => ["import", "mlflow", Source.ToString(), "--project", Project.Name, .. more];

    internal (string, string?)[] Settings => [("MLOPS_URL", Portal.ToString()), ("MLOPS_TOKEN", Importer.Token)];

    /// <summary>Runs one of our scripts, or the loader beside the tool, against addresses that it is given.</summary>
    internal async Task<string> ScriptAsync(string script, params string[] arguments)
    {
        var file = new[] { "scripts", "." }.Select(folder => Path.Combine(AppContext.BaseDirectory, folder, script)).First(File.Exists);
        var environment = new Dictionary<string, string?>(PythonScript.Quiet, StringComparer.Ordinal) { ["MLFLOW_TRACKING_TOKEN"] = Importer.Token };
        var end = await PythonProcess.RunAsync(Python, [file, .. arguments], environment, Patience);
        end.Code.ShouldBe(0, $"{script}:\n{end.Output}");
        TestContext.Current.SendDiagnosticMessage("{0}: {1}", script, end.Output.Trim().Split('\n')[^1]);
        return end.Output;
    }

    internal static async Task<T> TimedAsync<T>(string what, Func<Task<T>> work)
    {
        var since = Stopwatch.GetTimestamp();
        var result = await work();
        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {seconds:0.0} s, {Runs / seconds:0} runs/s"));
        return result;
    }

    /// <summary>SIGKILL as soon as the portal has so many runs of which the filter is true.</summary>
    private async Task KillWhenAsync(string what, string filter, int runs)
    {
        using var run = MlopsRun.Start(ImportArguments(), Settings);
        while (await CountAsync(filter) < runs)
        {
            if (run.HasEnded) throw new InvalidOperationException($"The import ended before {what}: {await run.EndAsync()}");
        }

        (await run.EndAsync(Signal.Kill)).Code.ShouldNotBe(ExitCode.Done, $"killed when {what}");
    }

    private async Task<int> CountAsync(string filter)
    {
        var experiments = await AskAsync("experiments/search", new { max_results = 1000, view_type = "ALL" });
        if (!experiments.TryGetProperty("experiments", out var found)) return 0;
        var ids = found.EnumerateArray().Select(experiment => experiment.GetProperty("experiment_id").GetString()).ToList();
        var runs = await AskAsync("runs/search", new { experiment_ids = ids, run_view_type = "ALL", max_results = 5000, filter });
        return runs.TryGetProperty("runs", out var all) ? all.GetArrayLength() : 0;
    }

    private async Task<JsonElement> AskAsync(string path, object body)
    {
        using var answer = await Importer.Client.PostAsync($"/api/2.0/mlflow/{path}", new StringContent(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json"));
        return await answer.RequiredAsync();
    }
}
