using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Platform.Links;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>A tenant with one of everything that has a page. Nobody changes it: it is there to be looked at.</summary>
/// <param name="Operator">Keeps the tenants and is a member of none.</param>
/// <param name="Things">By the word before it in an address; the query of a page by its route.</param>
public sealed record Home(TestTenant Tenant, TestProject Project, TestMember Operator, IReadOnlyDictionary<string, string> Things);

/// <summary>Makes it once, when the first test asks.</summary>
public sealed class Furnished : IDisposable
{
    private readonly SemaphoreSlim one = new(1);
    private Home? made;

    public async Task<Home> InAsync(PortalHost portal)
    {
        await one.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return made ??= await MakeAsync(portal);
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Somebody who keeps the tenants and is a member of none.</summary>
    public static async Task<TestMember> OperatorAsync(PortalHost portal)
    {
        var (people, password) = (portal.Services.GetRequiredService<AccountDesk>(), Guid.NewGuid().ToString());
        var account = (await people.CreateAsync($"operator-{Guid.NewGuid():n}@example.org", "Kit Keeper", password, TestContext.Current.CancellationToken)).Value
            ?? throw new InvalidOperationException("The operator's account was refused.");
        (await people.MakeOperatorAsync(account.UserId, TestContext.Current.CancellationToken)).ShouldBeTrue();
        return new TestMember(account.UserId, account.Name, account.Email ?? "", password, "", portal.Client());
    }

    public void Dispose() => one.Dispose();

    private static async Task<Home> MakeAsync(PortalHost portal)
    {
        var tenant = await portal.TenantAsync("Pages");
        var project = await tenant.ProjectAsync("Second reading");
        var things = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["projects"] = project.Id, ["versions"] = "1", ["members"] = tenant[Role.DataScientist].Id.ToString(), ["operator"] = tenant.Id.ToString(),
        };
        await StateAsync(tenant, project, things);
        await TryAsync(tenant, project, things);
        var link = await portal.Services.GetRequiredService<LinkDesk>().KeepAsync(new Caller(tenant.Id, tenant[Role.DataScientist].Id, "Mara"), $"projects/{project.Id}/experiments/{things["experiments"]}?view=charts", TestContext.Current.CancellationToken);
        things["s"] = link.Value ?? throw new InvalidOperationException("The link was refused.");
        await ModelAsync(tenant, project, things);
        await WatchAsync(portal, tenant, project, things);
        var invited = await tenant.Administrator.PostAsync("/api/v1/invitations", new { email = $"new@{tenant.Slug}.example", roles = new[] { "viewer" } });
        things["invitation"] = Modelling.Text(invited, "token");
        var reset = await tenant.Administrator.PostAsync($"/api/v1/members/{tenant[Role.Viewer].Id}/password-reset", new { mail = false });
        things["reset-password"] = Modelling.Text(reset, "token");
        return new Home(tenant, project, await OperatorAsync(portal), things);
    }

    private static async Task StateAsync(TestTenant tenant, TestProject project, Dictionary<string, string> things)
    {
        var (scientist, address) = (tenant[Role.DataScientist], $"/api/v1/projects/{project.Id}");
        var stated = await scientist.PostAsync(address + "/objectives", new
        {
            title = "Sick people are told sooner", type = "committed", start = "2026-01-01", end = "2026-12-31", keyResults = new[] { new { title = "Days", unit = "days", start = 9, target = 6 } },
        });
        var kpi = await scientist.PostAsync(address + "/kpis", new
        {
            objective = Modelling.Text(stated.GetProperty("project").GetProperty("objectives")[0], "id"), name = "Days", formula = "days ÷ samples", unit = "days", direction = "decrease",
            baseline = 9, baselineDate = "2026-01-01", target = 6, amber = 7, red = 8, owner = "Head of pathology", cadence = "monthly",
        });
        things["kpis"] = Modelling.Text(kpi.GetProperty("project").GetProperty("kpis")[0], "id");
    }

    private static async Task TryAsync(TestTenant tenant, TestProject project, Dictionary<string, string> things)
    {
        var scientist = tenant[Role.DataScientist];
        things["experiments"] = Modelling.Text(await scientist.PostAsync("/api/2.0/mlflow/experiments/create", new { name = "Depth", tags = new[] { new { key = "mlopsportal.project", value = project.Id } } }), "experiment_id");
        var runs = new List<string>();
        for (var depth = 2; depth <= 5; depth++)
        {
            var run = await scientist.PostAsync("/api/2.0/mlflow/runs/create", new { experiment_id = things["experiments"], run_name = $"depth {depth}", start_time = 1_700_000_000_000 + depth });
            runs.Add(Modelling.Text(run.GetProperty("run").GetProperty("info"), "run_id"));
            await scientist.PostAsync("/api/2.0/mlflow/runs/log-batch", new
            {
                run_id = runs[^1],
                @params = new[] { new { key = "depth", value = $"{depth}" }, new { key = "rate", value = $"0.{depth % 3}" } },
                metrics = Enumerable.Range(1, 5).Select(step => new { key = "loss", value = 1.0 / (step + depth), timestamp = 1_700_000_000_000 + step, step }).ToArray(),
            });
        }

        things["runs"] = runs[0];
        things["/t/{Tenant}/projects/{Id}/experiments/{ExperimentKey}/compare"] = "?runs=" + string.Join(',', runs);
        await RegisterAsync(scientist, project, things);
    }

    /// <summary>Two versions of a registered model, and a move of the protected alias that waits.</summary>
    private static async Task RegisterAsync(TestMember scientist, TestProject project, Dictionary<string, string> things)
    {
        const string Api = "/api/2.0/mlflow/";
        var name = things["registry/models"] = "depth";
        await scientist.PostAsync(Api + "registered-models/create", new { name, tags = new[] { new { key = "mlopsportal.project", value = project.Id } } });
        foreach (var _ in Enumerable.Range(0, 2))
            await scientist.PostAsync(Api + "model-versions/create", new { name, source = $"runs:/{things["runs"]}/model", run_id = things["runs"] });
        using var refused = await scientist.Client.PostAsJsonAsync(Api + "registered-models/alias", new { name, alias = "champion", version = "1" }, TestContext.Current.CancellationToken);
        refused.StatusCode.ShouldBe(System.Net.HttpStatusCode.Forbidden);
        things["registry/requests"] = Modelling.Text((await scientist.GetAsync("/api/v1/move-requests")).GetProperty("items")[0], "id");
        things["/t/{Tenant}/registry/models/{Name}/compare"] = "?left=1&right=2";
    }

    /// <summary>A model that answers at an endpoint of its own.</summary>
    public static async Task ModelAsync(TestTenant tenant, TestProject project, Dictionary<string, string> things)
    {
        var (scientist, engineer, samples) = (tenant[Role.DataScientist], tenant[Role.MlOpsEngineer], Path.Combine(Repository.Samples, "breast_cancer"));
        var training = await scientist.DatasetAsync(project, "training", Path.Combine(samples, "train.csv"), "training", "target");
        var test = await scientist.DatasetAsync(project, "test", Path.Combine(samples, "test.csv"), "test", "target", training);
        var model = Modelling.Text((await scientist.PostAsync("/api/v1/models", new { project = project.Id, name = "malignancy", task = "binary" })).GetProperty("model"), "id");
        var version = await scientist.VersionAsync(model, Path.Combine(samples, "models", "logistic.onnx"), "target", training, "logistic", Path.Combine(samples, "predictions", "logistic.csv"), test);
        (things["datasets"], things["models"], things["evaluations"]) = (test.Id, model, await scientist.EvaluateAsync(version, test));
        things["/t/{Tenant}/projects/{Id}/releases/new"] = $"?version={version.Id}";
        things["/t/{Tenant}/projects/{Id}/models/compare"] = $"?versions={version.Id}&dataset={test.Id}&number=1";
        things["releases"] = Modelling.Text(await scientist.PostAsync("/api/v1/releases", new { version = version.Id, environment = "production", reason = "Simple" }), "id");
        var endpoint = (await engineer.PostAsync("/api/v1/endpoints", new { project = project.Id, name = "malignancy", environment = "sandbox", model })).GetProperty("deployment");
        (things["endpoints"], things["monitoring"], things["endpoint-id"]) = ("malignancy", "malignancy", Modelling.Text(endpoint, "id"));
        await engineer.DeployAsync(things["endpoint-id"], version);
    }

    private static async Task WatchAsync(PortalHost portal, TestTenant tenant, TestProject project, Dictionary<string, string> things)
    {
        var engineer = tenant[Role.MlOpsEngineer];
        var monitor = await engineer.PostAsync($"/api/v1/endpoints/{things["endpoint-id"]}/monitors", new { name = "weekly" });
        things["monitors"] = Modelling.Text(monitor.GetProperty("monitor"), "id");
        await engineer.MeasureAsync(things["endpoint-id"], things["monitors"]);
        things["incidents"] = await Incidents.RaiseAsync(portal, tenant, project, things["endpoint-id"], things["monitors"]);
        things["jobs"] = await tenant[Role.DataScientist].Client.LastJobAsync(project.Id);
    }
}
