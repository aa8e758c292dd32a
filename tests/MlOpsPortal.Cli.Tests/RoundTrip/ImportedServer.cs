using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using MlOpsPortal.MlflowContract.Environments;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Cli.RoundTrip;

/// <summary>MLflow's own server, filled, and a portal into which it was imported by a tool that was killed again and again on the way.</summary>
public sealed class ImportedServer : IAsyncLifetime
{
    /// <summary>Two thousand runs take minutes; fewer have everything in them too.</summary>
    private const string RunsVariable = "MLOPSPORTAL_IMPORT_RUNS";
    private const int UsualRuns = 90;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    /// <summary>Where the tool dies, in the order of an import: once the portal has carried out so many of these requests.</summary>
    private static readonly (int Times, string Method, string Path)[] Deaths =
    [
        (2, "POST", "/experiments/create"),
        (Runs / 2, "POST", "/runs/create"),
        (3, "POST", "/mlflow/logged-models"),
        (5, "PUT", "/mlflow-artifacts/"),
        (Runs / 3, "POST", "/runs/log-batch"),
        (4, "POST", "/registered-models/create"),
        (7, "POST", "/model-versions/create"),
        (1, "POST", "/registered-models/alias"),
    ];

    private readonly MlflowEnvironments environments = new();
    private MlflowServer? source;
    private PortalHost? portal;

    public static int Runs { get; } = int.TryParse(Environment.GetEnvironmentVariable(RunsVariable), CultureInfo.InvariantCulture, out var given) ? given : UsualRuns;

    public string Source => source?.Url.ToString().TrimEnd('/') ?? throw new InvalidOperationException("MLflow's server has not started.");

    public string Portal => portal?.Url.ToString().TrimEnd('/') ?? throw new InvalidOperationException("The portal has not started.");

    public string Python => environments.CurrentPython;

    internal TestTenant Tenant { get; private set; } = null!; // set before any test runs

    internal TestMember Importer => Tenant[Role.DataScientist];

    internal TestProject Project { get; private set; } = null!; // set before any test runs

    /// <summary>How the import ended that was not killed.</summary>
    internal MlopsEnd Imported { get; private set; } = null!; // set before any test runs

    internal ImportReport Report { get; private set; } = null!; // set before any test runs

    public async ValueTask InitializeAsync()
    {
        await environments.InitializeAsync();
        var starting = MlflowServer.StartAsync(Python, CancellationToken.None);
        portal = await PortalHost.StartAsync();
        Tenant = await portal.TenantAsync("import");
        Project = await Tenant.ProjectAsync("Churn");
        source = await starting;
        await TimedAsync($"filling MLflow's server with {Runs} runs", () => ScriptAsync("fill.py", Source, "--runs", $"{Runs}"));
        await using var gateway = await Gateway.StartAsync(portal.Url);
        await TimedAsync($"imports that were killed {Deaths.Length} times", async () =>
        {
            foreach (var (times, method, path) in Deaths) await gateway.KillAfterAsync(times, method, path, () => MlopsRun.Start(ImportArguments(), Settings(gateway.Url)));
            return Deaths.Length;
        });
        (Imported, Report) = await TimedAsync("the rest of the import", () => ImportAsync());
        foreach (var line in gateway.Figures) Say(line);
    }

    public async ValueTask DisposeAsync()
    {
        if (source is not null) await source.DisposeAsync();
        if (portal is not null) await portal.DisposeAsync();
    }

    internal async Task<(MlopsEnd End, ImportReport Report)> ImportAsync(params string[] more)
    {
        var report = Path.GetTempFileName();
        var end = await MlopsRun.ToEndAsync(ImportArguments(["--report", report, .. more]), Settings());
        var read = ImportReport.Parse(await File.ReadAllTextAsync(report));
        File.Delete(report);
        return (end, read);
    }

    /// <param name="portalUrl">Of a gateway; else the portal's own.</param>
    internal (string, string?)[] Settings(string? portalUrl = null) => [("MLOPS_URL", portalUrl ?? Portal), ("MLOPS_TOKEN", Importer.Token)];

    internal string[] ImportArguments(params string[] more) => ["import", "mlflow", Source, "--project", Project.Name, .. more];

    /// <summary>What was ever asked for in the tenant, by title.</summary>
    internal async Task<List<JsonElement>> MoveRequestsAsync()
    {
        using var answer = await Importer.Client.GetAsync("/api/v1/move-requests?all=true");
        return [.. (await answer.RequiredAsync()).GetProperty("items").EnumerateArray()];
    }

    internal async Task RejectAsync(JsonElement request, string comment)
    {
        using var answer = await Tenant[Role.RiskManager].Client.PostAsJsonAsync($"/api/v1/move-requests/{request.GetProperty("id").GetString()}/reject", new { comment });
        await answer.RequiredAsync();
    }

    /// <summary>One of our scripts, or the loader beside the tool.</summary>
    internal MlopsRun StartScript(string script, params string[] arguments) => MlopsRun.StartProgram(
        Python, [Path.Combine(AppContext.BaseDirectory, "scripts", script), .. arguments], [.. PythonScript.Quiet.Select(one => (one.Key, one.Value)), ("MLFLOW_TRACKING_TOKEN", Importer.Token)]);

    internal async Task<string> ScriptAsync(string script, params string[] arguments)
    {
        using var run = StartScript(script, arguments);
        var end = await run.EndAsync().WaitAsync(Patience);
        end.Code.ShouldBe(ExitCode.Done, $"{script}:\n{end.Output}{end.Errors}");
        return end.Output;
    }

    internal static async Task<T> TimedAsync<T>(string what, Func<Task<T>> work)
    {
        var since = Stopwatch.GetTimestamp();
        var result = await work();
        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        Say(string.Create(CultureInfo.InvariantCulture, $"{what}: {seconds:0.0} s, {Runs / seconds:0} runs/s"));
        return result;
    }

    internal static void Say(string line) => Console.WriteLine(line);
}
