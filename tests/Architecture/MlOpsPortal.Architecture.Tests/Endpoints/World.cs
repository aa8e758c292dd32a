using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Links;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.Architecture.Endpoints;

/// <summary>A tenant with one of everything, and strangers to it. What it has bears a word that no stranger may ever read.</summary>
public sealed partial class World(PortalFixture portal) : IAsyncLifetime
{
    private readonly Dictionary<string, string> things = new(StringComparer.Ordinal)
    {
        // Not ids: the same for everybody.
        ["versions"] = "1",
        ["blocks"] = "0",
        ["stages"] = "BusinessUnderstanding",
        ["aliases"] = "champion",
        ["values"] = "2024-01-08",
        ["check-ins"] = "2024-01-08",
        // Whoever has the secret of a real one may look at it.
        ["invitation"] = "mli_" + new string('0', 72),
        ["reset-password"] = "mlr_" + new string('0', 72),
        ["operator"] = Guid.Empty.ToString("n"),
        ["openapi"] = "v1",
        ["part"] = "no-ticket",
        ["seven-days"] = TimeProvider.System.GetUtcNow().AddDays(7).ToString("o", System.Globalization.CultureInfo.InvariantCulture),
    };

    private readonly HashSet<string> words = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> unknown = new(StringComparer.Ordinal);

    public PortalHost Portal => portal.Portal;

    /// <summary>In the name of the project and of everything in it.</summary>
    public string ProjectCanary { get; } = "canary" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    /// <summary>In what belongs to the tenant as a whole: its name, people, invitations, tokens.</summary>
    public string TenantCanary { get; } = "fink" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    public TestTenant Ours { get; private set; } = null!; // set before the first test

    public TestTenant Theirs { get; private set; } = null!; // likewise

    /// <summary>The id or name of one of our things.</summary>
    public string Our(string thing) => things.TryGetValue(thing, out var found) ? found : throw new InvalidOperationException($"The world has no '{thing}': make one in {nameof(World)}.cs.");

    /// <summary>An id or name of the same shape that nothing bears; the same one wherever a request names the thing.</summary>
    public string Unknown(string thing) => unknown.GetOrAdd(thing, name =>
        !words.Contains(name) ? Our(name) : Ids().IsMatch(Our(name)) ? Ids().Replace(Our(name), _ => Guid.CreateVersion7().ToString("n")) : "nothing-here");

    [GeneratedRegex("[0-9a-f]{32}", RegexOptions.None, 1000)]
    internal static partial Regex Ids();

    public async ValueTask InitializeAsync()
    {
        Ours = await portal.TenantAsync(TenantCanary);
        Theirs = await portal.TenantAsync("Strangers");
        await TestTenant.ProjectOfAsync(Theirs.Administrator, "Their own");
        await TestTenant.ProjectOfAsync(Ours.Outsider, "The outsider's own");
        Add("t", Ours.Slug);
        Add("tenants", Ours.Id.ToString());
        await MakeTenantsThingsAsync();
        await MakeProjectAsync();
        await MakeModelAsync();
        await MakeRunAsync();
        await MakeRegisteredModelAsync();
        await MakeLinkAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task MakeLinkAsync()
    {
        var scientist = Ours[Role.DataScientist];
        var link = await Portal.Services.GetRequiredService<LinkDesk>().KeepAsync(new Caller(Ours.Id, scientist.Id, scientist.Name), $"projects/{Our("projects")}/experiments/{Our("experiments")}", TestContext.Current.CancellationToken);
        Add("s", link.Value);
    }

    private async Task MakeTenantsThingsAsync()
    {
        Add("members", Ours[Role.DataEngineer].Id.ToString());
        var invitation = await PostAsync(Role.TenantAdministrator, "/api/v1/invitations", new { email = $"{TenantCanary}@example.org", roles = new[] { "viewer" } });
        Add("invitations", invitation.GetProperty("id").GetString());
        var token = await PostAsync(Role.DataScientist, "/api/v1/tokens", new { name = TenantCanary, expiresAt = Our("seven-days") });
        Add("tokens", token.GetProperty("id").GetString());
        var service = await PostAsync(Role.TenantAdministrator, "/api/v1/service-accounts", new { name = TenantCanary, roles = new[] { "viewer" } });
        Add("service-accounts", service.GetProperty("user").GetString());
    }

    private async Task MakeProjectAsync()
    {
        var project = await Ours.ProjectAsync(ProjectCanary);
        Add("projects", project.Id);
        var address = $"/api/v1/projects/{project.Id}";
        var withObjective = await PostAsync(Role.DataScientist, address + "/objectives", new
        {
            title = ProjectCanary, type = "committed", start = "2026-01-01", end = "2026-12-31",
            keyResults = new[] { new { title = ProjectCanary, unit = "share", start = 0.1, target = 0.2 } },
        });
        Add("objectives", withObjective.GetProperty("project").GetProperty("objectives")[0].GetProperty("id").GetString());
        var withKpi = await PostAsync(Role.DataScientist, address + "/kpis", new
        {
            objective = Our("objectives"), name = ProjectCanary, formula = "a / b", unit = "share", direction = "increase", baseline = 0.1, baselineDate = "2026-01-01",
            target = 0.2, amber = 0.15, red = 0.1, owner = "Ada", cadence = "monthly",
        });
        Add("kpis", withKpi.GetProperty("project").GetProperty("kpis")[0].GetProperty("id").GetString());
        Add("key-results", withObjective.GetProperty("project").GetProperty("objectives")[0].GetProperty("keyResults")[0].GetProperty("id").GetString());
        await PostAsync(Role.DataScientist, $"{address}/kpis/{Our("kpis")}/values", new { date = Our("values"), value = 0.12, note = ProjectCanary });
        await PostAsync(Role.DataScientist, $"{address}/key-results/{Our("key-results")}/check-ins", new { date = Our("check-ins"), value = 0.12, confidence = 5, whatChanged = ProjectCanary });
        var withTask = await PostAsync(Role.DataScientist, address + "/stages/DataAcquisition/send-back", new { to = "businessUnderstanding", reason = ProjectCanary });
        Add("tasks", withTask.GetProperty("project").GetProperty("tasks")[0].GetProperty("id").GetString());
    }

    private async Task MakeRunAsync()
    {
        var experiment = await PostAsync(
            Role.DataScientist, "/api/2.0/mlflow/experiments/create", new { name = ProjectCanary, tags = new[] { new { key = "mlopsportal.project", value = Our("projects") } } });
        Add("experiments", experiment.GetProperty("experiment_id").GetString());
        var run = await PostAsync(Role.DataScientist, "/api/2.0/mlflow/runs/create", new { experiment_id = Our("experiments"), run_name = ProjectCanary });
        Add("runs", run.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString());
        await PostAsync(Role.DataScientist, "/api/2.0/mlflow/runs/log-metric", new { run_id = Our("runs"), key = "m", value = 1, timestamp = 1 });
        var model = await PostAsync(Role.DataScientist, "/api/2.0/mlflow/logged-models", new { experiment_id = Our("experiments"), name = ProjectCanary });
        Add("logged-models", model.GetProperty("model").GetProperty("info").GetProperty("model_id").GetString());
        Add("tags", "a");
        var folder = $"{Our("experiments")}/{Our("runs")}/artifacts";
        foreach (var operation in new[] { "artifacts", "presigned", "create", "complete", "abort" })
            Add(operation, $"{folder}/a.md");
        using var file = await Ours[Role.DataScientist].Client.PutAsync($"/api/2.0/mlflow-artifacts/artifacts/{folder}/a.md", new StringContent(ProjectCanary));
        await file.RequiredAsync();
    }

    /// <summary>Names that read like ids: an answer may repeat the name that it was asked for.</summary>
    private async Task MakeRegisteredModelAsync()
    {
        const string Api = "/api/2.0/mlflow/";
        object[] inProject = [new { key = "mlopsportal.project", value = Our("projects") }];
        Add("registered-models", Guid.CreateVersion7().ToString("n"));
        await PostAsync(Role.DataScientist, Api + "registered-models/create", new { name = Our("registered-models"), description = ProjectCanary, tags = inProject });
        var uri = (await Ours[Role.DataScientist].GetAsync($"{Api}runs/get?run_id={Our("runs")}")).GetProperty("run").GetProperty("info").GetProperty("artifact_uri").GetString();
        foreach (var _ in Enumerable.Range(0, 2))
            await PostAsync(Role.DataScientist, Api + "model-versions/create", new { name = Our("registered-models"), source = uri + "/m", run_id = Our("runs"), description = ProjectCanary });
        using (await Ours[Role.DataScientist].Client.PostAsJsonAsync(Api + "registered-models/alias", new { name = Our("registered-models"), alias = "champion", version = "1" }))
            Add("move-requests", (await Ours[Role.DataScientist].GetAsync("/api/v1/move-requests")).GetProperty("items")[0].GetProperty("id").GetString());
        var gone = Guid.CreateVersion7().ToString("n");
        await PostAsync(Role.DataScientist, Api + "registered-models/create", new { name = gone, tags = inProject });
        using var deletion = new HttpRequestMessage(HttpMethod.Delete, Api + "registered-models/delete") { Content = JsonContent.Create(new { name = gone }) };
        using var deleted = await Ours[Role.DataScientist].Client.SendAsync(deletion);
        await deleted.RequiredAsync();
        Add("deleted", Guid.CreateVersion7().ToString("n"));
    }

    private async Task MakeModelAsync()
    {
        var (scientist, samples) = (Ours[Role.DataScientist], Path.Combine(Repository.Samples, "breast_cancer"));
        var project = new TestProject(Our("projects"), ProjectCanary);
        var receiving = await PostAsync(Role.DataScientist, "/api/v1/uploads", new { fileName = ProjectCanary + ".csv", length = 3, sha256 = new string('a', 64) });
        Add("uploads", receiving.GetProperty("id").GetString());
        var training = await scientist.DatasetAsync(project, ProjectCanary + " training", Path.Combine(samples, "train.csv"), "training", "target");
        var test = await scientist.DatasetAsync(project, ProjectCanary + " test", Path.Combine(samples, "test.csv"), "test", "target", training);
        Add("datasets", test.Id);
        var model = await PostAsync(Role.DataScientist, "/api/v1/models", new { project = project.Id, name = ProjectCanary, task = "binary" });
        Add("models", model.GetProperty("model").GetProperty("id").GetString());
        var version = await scientist.VersionAsync(
            Our("models"), Path.Combine(samples, "models", "logistic.onnx"), "target", training, ProjectCanary, Path.Combine(samples, "predictions", "logistic.csv"), test);
        Add("model-version", version.Id);
        Add("evaluations", await scientist.EvaluateAsync(version, test));
        var release = await PostAsync(Role.DataScientist, "/api/v1/releases", new { version = version.Id, environment = "production", reason = ProjectCanary });
        Add("releases", release.GetProperty("id").GetString());
        var comment = await PostAsync(Role.DataScientist, $"/api/v1/projects/{project.Id}/comments", new { kind = "modelVersion", subject = version.Id, text = ProjectCanary });
        Add("comments", comment.GetProperty("id").GetString());
        Add("inbox", await FirstToldAsync(Role.RiskManager));
        await MakeEndpointAsync(version);
        Add("jobs", await scientist.Client.LastJobAsync(project.Id));
    }

    private async Task MakeEndpointAsync(TestVersion version)
    {
        // Whoever asks for a name reads that name in the answer: no canary.
        var name = "offers-" + RandomNumberGenerator.GetHexString(8, lowercase: true);
        var endpoint = await PostAsync(Role.MlOpsEngineer, "/api/v1/endpoints", new { project = Our("projects"), name, environment = "sandbox", model = Our("models") });
        Add("endpoints", endpoint.GetProperty("deployment").GetProperty("id").GetString());
        Add("endpoint-name", name);
        await Ours[Role.MlOpsEngineer].DeployAsync(Our("endpoints"), version);
        var monitor = await PostAsync(Role.MlOpsEngineer, $"/api/v1/endpoints/{Our("endpoints")}/monitors", new { name = ProjectCanary });
        Add("monitors", monitor.GetProperty("monitor").GetProperty("id").GetString());
        Add("monitoring", name);
        Add("monitor-runs", await Ours[Role.MlOpsEngineer].MeasureAsync(Our("endpoints"), Our("monitors")));
        await MakeIncidentAsync();
    }

    /// <summary>Nobody makes alerts over the API: a run of a monitor does, on weeks of predictions.</summary>
    private async Task MakeIncidentAsync()
    {
        var rule = (await Ours[Role.MlOpsEngineer].GetAsync($"/api/v1/monitors/{Our("monitors")}/rules")).GetProperty("items")[0].GetProperty("id").GetString();
        Add("alert-rules", rule);
        var (alert, incident) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var connection = await portal.Portal.Services.GetRequiredService<PortalDatabase>().App.OpenConnectionAsync();
        await using var insert = new NpgsqlCommand(
            $"""
            SELECT set_config('app.tenant', '{Ours.Id.Value}', false);
            INSERT INTO monitoring.incidents (tenant_id, id, deployment_id, project_id, title, state, cause, causes, since, opened_at, history, version)
            VALUES ('{Ours.Id.Value}', '{incident}', '{Guid.ParseExact(Our("endpoints"), "n")}', '{Guid.ParseExact(Our("projects"), "n")}', '{ProjectCanary}', 'Open', 'Service', '[]', now(), now(), '[]', 1);
            INSERT INTO monitoring.alerts (tenant_id, id, rule_id, monitor_id, deployment_id, project_id, incident_id, rule_name, signal, subject, severity, state, began, fired, latest, value,
                latest_value, raised_at, resolved_by_hand, history, version)
            VALUES ('{Ours.Id.Value}', '{alert}', '{Guid.ParseExact(rule!, "n")}', '{Guid.ParseExact(Our("monitors"), "n")}', '{Guid.ParseExact(Our("endpoints"), "n")}',
                '{Guid.ParseExact(Our("projects"), "n")}', '{incident}', '{ProjectCanary}', 'ErrorShare', '', 'Warning', 'Firing', now(), now(), now(), 0.1, 0.1, now(), false, '[]', 1);
            """,
            connection);
        await insert.ExecuteNonQueryAsync();
        Add("alerts", alert.ToString("n"));
        Add("incidents", incident.ToString("n"));
    }

    /// <summary>Who may decide about the release is told of it, soon.</summary>
    private async Task<string?> FirstToldAsync(Role role)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken))
            if ((await Ours[role].Client.GetFromJsonAsync<JsonElement>("/api/v1/inbox")).GetProperty("items") is { } items && items.GetArrayLength() > 0)
                return items[0].GetProperty("id").GetString();
        return null;
    }

    private Task<JsonElement> PostAsync(Role role, string address, object body) => Ours[role].PostAsync(address, body);

    private void Add(string thing, string? id)
    {
        things[thing] = id ?? throw new InvalidOperationException($"Our {thing} has no id.");
        words.Add(thing);
    }
}
