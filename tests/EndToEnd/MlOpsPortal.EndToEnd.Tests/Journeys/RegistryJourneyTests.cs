using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>From a run to a version that others load: registered over the wire, decided about in the browser, made a portal model.</summary>
[Collection<JourneyCollection>]
public sealed class RegistryJourneyTests(PortalFixture portal, Chromium chromium)
{
    private const string Api = "/api/2.0/mlflow/";

    [Fact]
    public async Task The_champion_moves_when_another_person_approves_and_stays_when_she_rejects_with_a_reason()
    {
        var tenant = await portal.TenantAsync("Champions");
        var project = await tenant.ProjectAsync("Second reading");
        var (scientist, risk) = (tenant[Role.DataScientist], tenant[Role.RiskManager]);
        var (_, run) = await RunAsync(scientist, project);
        await scientist.PostAsync(Api + "registered-models/create", new { name = "malignancy", tags = new[] { new { key = "mlopsportal.project", value = project.Id } } });
        foreach (var version in (string[])["1", "2"])
            Modelling.Text((await scientist.PostAsync(Api + "model-versions/create", new { name = "malignancy", source = $"runs:/{run}/model", run_id = run })).GetProperty("model_version"), "version").ShouldBe(version);

        // Asked over the wire: refused in words, with the place where it is decided.
        var first = await AskAsync(scientist, "1");
        (await AliasAsync(scientist)).ShouldBeNull();
        var manager = await Person.SignInAsync(chromium, portal.Portal, tenant, risk);
        await manager.OpenAsync(first, inTenant: false);
        await manager.LookAsync("move-request");
        await manager.ClickAsync("Approve");
        await manager.FillAsync(("What you looked at", "The evaluation on the test set"));
        await manager.ClickAsync("Approve");
        await manager.SeeAsync("Approved and carried out.");
        (await AliasAsync(scientist)).ShouldBe("1");

        // Asked again for the second: refused with a reason, which the requester reads.
        var second = await AskAsync(scientist, "2");
        await manager.OpenAsync(second, inTenant: false);
        await manager.ClickAsync("Reject");
        await manager.FillAsync(("What is missing", "Nobody compared it with version 1"));
        await manager.ClickAsync("Reject");
        await manager.SeeAsync("Rejected; the comment says what is missing.");
        (await AliasAsync(scientist)).ShouldBe("1");
        var person = await Person.SignInAsync(chromium, portal.Portal, tenant, scientist);
        await person.OpenAsync(second, inTenant: false);
        await person.SeeAsync("Nobody compared it with version 1");
        await person.OpenAsync("/inbox");
        await person.SeeAsync("Nobody compared it with version 1");
        await person.OpenAsync("/registry/models/malignancy");
        await person.SeeAsync("Version 1 is the champion.");
        await person.SeeAsync($"asked by {scientist.Name}");
        await person.LookAsync("registered-model");

        person.Findings.Concat(manager.Findings).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_logged_ONNX_model_becomes_a_portal_model_version_from_the_page_of_its_run()
    {
        var tenant = await portal.TenantAsync("Bridge");
        var project = await tenant.ProjectAsync("Second reading");
        var scientist = tenant[Role.DataScientist];
        var (experiment, run) = await RunAsync(scientist, project);
        var network = await LogAsync(scientist, experiment, run, "network", Onnx, ("model.onnx", await File.ReadAllBytesAsync(Path.Combine(Repository.Samples, "breast_cancer", "models", "logistic.onnx"), TestContext.Current.CancellationToken)));
        await LogAsync(scientist, experiment, run, "forest", Pickled, ("model.pkl", [1, 2, 3]));
        var person = await Person.SignInAsync(chromium, portal.Portal, tenant, scientist);
        await person.OpenAsync($"/projects/{project.Id}/experiments/{experiment}/runs/{run}?tab=artifacts");

        // The run has no files of its own: its first model is shown.
        await person.SeeAsync("It can be evaluated and deployed here.");
        await person.SeeAsync("float32 (-1, 30)");
        await person.SeeAsync("onnxruntime==1.23.0");
        await person.LookAsync("logged-model");
        await person.ClickAsync("Make a portal model version");
        await person.FillAsync(("Portal model", "malignancy"));
        await person.LookAsync("make-portal-model");
        await person.ClickAsync("Make the version");
        await person.SeeAsync("It is version 1 of the portal model malignancy.");
        await person.FollowAsync("Open the version");
        await person.ArriveAsync("/models/[0-9a-f]{32}/versions/1$");
        await person.Page.GetByRole(AriaRole.Heading, new() { Name = "malignancy v1", Exact = false }).First.WaitForAsync();

        // The other one says why not.
        await person.OpenAsync($"/projects/{project.Id}/experiments/{experiment}/runs/{run}?tab=artifacts");
        await person.FollowAsync("forest");
        await person.SeeAsync("It cannot become a portal model version.");
        await person.SeeAsync("Export it to ONNX");
        await person.LookAsync("opaque-model");

        // Registered, it is found from the run, and knows of the portal model version that has its content.
        await scientist.PostAsync(Api + "registered-models/create", new { name = "malignancy", tags = new[] { new { key = "mlopsportal.project", value = project.Id } } });
        await scientist.PostAsync(Api + "model-versions/create", new { name = "malignancy", source = $"models:/{network}", model_id = network, run_id = run });
        await person.OpenAsync($"/projects/{project.Id}/experiments/{experiment}/runs/{run}");
        await person.LookAsync("run-with-models");
        await person.FollowAsync("malignancy v1");
        await person.SeeAsync("version 1 of the portal model");
        await person.SeeAsync("mlflow.pyfunc.load_model(\"models:/malignancy/1\")");
        await person.LookAsync("registered-version");
        await person.FollowAsync("Files");
        await person.SeeAsync("requirements.txt");
        await person.LookAsync("registered-version-files");

        person.Findings.ShouldBeEmpty();
    }

    private const string Onnx = """
        flavors:
          onnx:
            data: model.onnx
            onnx_version: 1.19.0
          python_function:
            loader_module: mlflow.onnx
        mlflow_version: 3.17.2
        signature:
          inputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 30]}}]'
          outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}, "name": "label"}]'
        """;

    private const string Pickled = """
        flavors:
          python_function:
            loader_module: mlflow.sklearn
          sklearn:
            pickled_model: model.pkl
            sklearn_version: 1.2.1
        mlflow_version: 3.17.2
        """;

    private static async Task<(string Experiment, string Run)> RunAsync(TestMember scientist, TestProject project)
    {
        var experiment = Modelling.Text(await scientist.PostAsync(Api + "experiments/create", new { name = "Depth", tags = new[] { new { key = "mlopsportal.project", value = project.Id } } }), "experiment_id");
        var run = await scientist.PostAsync(Api + "runs/create", new { experiment_id = experiment, run_name = "depth 3", start_time = 1_700_000_000_000 });
        var id = Modelling.Text(run.GetProperty("run").GetProperty("info"), "run_id");
        await scientist.PostAsync(Api + "runs/log-metric", new { run_id = id, key = "accuracy", value = 0.96, timestamp = 1_700_000_040_000 });
        await scientist.PostAsync(Api + "runs/update", new { run_id = id, status = "FINISHED", end_time = 1_700_000_042_000 });
        return (experiment, id);
    }

    /// <returns>The logged model's id.</returns>
    private static async Task<string> LogAsync(TestMember scientist, string experiment, string run, string name, string manifest, (string Name, byte[] Content) file)
    {
        var made = await scientist.PostAsync(Api + "logged-models", new { experiment_id = experiment, name, source_run_id = run });
        var model = Modelling.Text(made.GetProperty("model").GetProperty("info"), "model_id");
        foreach (var (path, content) in new[] { ("MLmodel", System.Text.Encoding.UTF8.GetBytes(manifest)), ("requirements.txt", "mlflow==3.17.2\nonnxruntime==1.23.0"u8.ToArray()), file })
        {
            using var put = await scientist.Client.PutAsync(new Uri($"/api/2.0/mlflow-artifacts/artifacts/{experiment}/models/{model}/artifacts/{path}", UriKind.Relative), new ByteArrayContent(content));
            await put.RequiredAsync();
        }

        await scientist.PostAsync(Api + "runs/outputs", new { run_id = run, models = new[] { new { model_id = model, step = 0 } } });
        return model;
    }

    /// <summary>Asks for the champion, and is refused.</summary>
    /// <returns>The address where it is decided.</returns>
    private static async Task<string> AskAsync(TestMember scientist, string version)
    {
        using var refused = await scientist.Client.PostAsJsonAsync(Api + "registered-models/alias", new { name = "malignancy", alias = "champion", version }, TestContext.Current.CancellationToken);
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var said = JsonElement.Parse(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Modelling.Text(said, "error_code").ShouldBe("PERMISSION_DENIED");
        var message = Modelling.Text(said, "message");
        message.ShouldStartWith($"Moving the alias 'champion' of 'malignancy' to version {version} needs an approval. The request is recorded; it is decided at ");
        return new Uri(message[message.IndexOf("http", StringComparison.Ordinal)..].TrimEnd('.')).AbsolutePath;
    }

    private static async Task<string?> AliasAsync(TestMember scientist)
    {
        using var answer = await scientist.Client.GetAsync(new Uri(Api + "registered-models/alias?name=malignancy&alias=champion", UriKind.Relative), TestContext.Current.CancellationToken);
        return answer.IsSuccessStatusCode ? Modelling.Text((await answer.RequiredAsync()).GetProperty("model_version"), "version") : null;
    }
}
