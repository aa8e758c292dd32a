using System.Globalization;
using System.Net.Http.Json;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>The same way as the browser's, by programs with tokens.</summary>
[Collection<ApiCollection>]
public sealed class ApiJourneyTests(PortalFixture portal)
{
    private static readonly string Samples = Path.Combine(Repository.Samples, "breast_cancer");
    private static readonly string[] Questions = ["metric_first", "heuristic_not_enough", "pattern_in_data", "labels_available", "prediction_actionable", "errors_tolerable", "fresh_enough", "silent_failure_seen"];

    [Fact]
    public async Task From_a_business_problem_to_a_scored_logged_prediction()
    {
        var tenant = await portal.TenantAsync("Programs");
        var project = await tenant.ProjectAsync("Second reading");
        await StateTheProblemAsync(tenant[Role.BusinessOwner], project);
        await tenant[Role.RiskManager].PostAsync($"/api/v1/projects/{project.Id}/stages/BusinessUnderstanding/sign-off", new { comment = "Read with the head of pathology." });

        var scientist = tenant[Role.DataScientist];
        var training = await scientist.DatasetAsync(project, "training", Path.Combine(Samples, "train.csv"), "training", "target");
        var test = await scientist.DatasetAsync(project, "test", Path.Combine(Samples, "test.csv"), "test", "target", training);
        var model = Modelling.Text((await scientist.PostAsync("/api/v1/models", new { project = project.Id, name = "malignancy", task = "binary" })).GetProperty("model"), "id");
        var logistic = await VersionAsync(scientist, model, "logistic", training, test);
        var forest = await VersionAsync(scientist, model, "random_forest", training, test);
        await scientist.EvaluateAsync(logistic, test);
        await scientist.EvaluateAsync(forest, test);
        var comparison = await scientist.GetAsync($"/api/v1/models/compare?versions={logistic.Id},{forest.Id}&dataset={test.Id}&datasetVersion=1");
        comparison.GetProperty("verdict").GetProperty("winner").GetString().ShouldBeNull();

        var endpoint = await ReleaseAsync(tenant, project, model, logistic);
        await ScoreAsync(tenant[Role.MlOpsEngineer], endpoint);
        await NotebookSteps.ReadAsync(scientist, tenant[Role.Viewer], training);
        await NotebookSteps.WalkBackAsync(tenant[Role.MlOpsEngineer], endpoint);
        await ElsewhereSteps.LetInAsync(scientist, tenant[Role.MlOpsEngineer], project, model);
    }

    private static async Task StateTheProblemAsync(TestMember owner, TestProject project)
    {
        var address = $"/api/v1/projects/{project.Id}";
        await owner.PutAsync(address + "/problem", new { statement = "Malignant samples wait as long as benign ones.", value = "Three days less." });
        var stated = await owner.PostAsync(address + "/objectives", new
        {
            title = "Sick people are told sooner", type = "committed", start = "2026-01-01", end = "2026-12-31", keyResults = new[] { new { title = "Days until the report", unit = "days", start = 9, target = 6 } },
        });
        await owner.PostAsync(address + "/kpis", new
        {
            objective = Modelling.Text(stated.GetProperty("project").GetProperty("objectives")[0], "id"), name = "Days", formula = "days ÷ samples", unit = "days", direction = "decrease",
            baseline = 9, baselineDate = "2026-01-01", target = 6, amber = 7, red = 8, owner = "Head of pathology", cadence = "monthly",
        });
        await owner.PutAsync(address + "/suitability", new
        {
            answers = Questions.Select(question => new { question, answer = "yes", evidence = "" }), heuristic = "Largest radius first", costOfFalsePositive = 1, costOfFalseNegative = 20, currency = "EUR", decision = "go",
        });
        await owner.PutAsync(address + "/ml-problem", new { task = "binary", target = "target", unitOfPrediction = "one sample", decision = "Which sample is read next." });
    }

    private static Task<TestVersion> VersionAsync(TestMember scientist, string model, string name, TestDataset training, TestDataset test) => scientist.VersionAsync(
        model, Path.Combine(Samples, "models", name + ".onnx"), "target", training, name, Path.Combine(Samples, "predictions", name + ".csv"), test);

    /// <returns>The endpoint's id.</returns>
    private static async Task<string> ReleaseAsync(TestTenant tenant, TestProject project, string model, TestVersion version)
    {
        var engineer = tenant[Role.MlOpsEngineer];
        var endpoint = Modelling.Text((await engineer.PostAsync("/api/v1/endpoints", new { project = project.Id, name = "malignancy-api", environment = "production", model })).GetProperty("deployment"), "id");
        using (var unapproved = await engineer.Client.PostAsJsonAsync($"/api/v1/endpoints/{endpoint}/releases", new { modelVersion = version.Id }))
            ((int)unapproved.StatusCode).ShouldBe(409);

        var request = Modelling.Text(await tenant[Role.DataScientist].PostAsync("/api/v1/releases", new { version = version.Id, environment = "production", reason = "Simpler to explain." }), "id");
        using (var own = await tenant[Role.DataScientist].Client.PostAsJsonAsync($"/api/v1/releases/{request}/approve", new { comment = "mine" }))
            ((int)own.StatusCode).ShouldBe(403);
        await tenant[Role.RiskManager].PostAsync($"/api/v1/releases/{request}/approve", new { comment = "Receipt without a difference." });
        await engineer.DeployAsync(endpoint, version);
        return endpoint;
    }

    /// <summary>The portal's answers are the library's own, and each stands in the log.</summary>
    private static async Task ScoreAsync(TestMember engineer, string endpoint)
    {
        var rows = Csv("test.csv");
        var expected = Csv(Path.Combine("predictions", "logistic.csv"));
        for (var row = 0; row < 5; row++)
        {
            rows[row].Remove("target");
            var answer = await engineer.PostAsync("/api/v1/endpoints/malignancy-api/score", new { rows = new[] { rows[row] }, predictionIds = new[] { $"journey-{row}" } });
            var probability = answer.GetProperty("predictions")[0].GetProperty("probability").GetDouble();
            probability.ShouldBe(expected[row]["native_probability"], 1e-6);
        }

        await Jobs.UntilAsync("the prediction log", async () =>
        {
            var logged = (await engineer.GetAsync($"/api/v1/endpoints/{endpoint}/predictions")).GetProperty("items").EnumerateArray().Select(item => Modelling.Text(item, "id")).ToList();
            return Enumerable.Range(0, 5).All(row => logged.Count(id => id == $"journey-{row}") == 1) ? "" : null;
        });
    }

    private static List<Dictionary<string, double>> Csv(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(Samples, file));
        var names = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => line.Split(',').Select((cell, index) => (names[index], double.Parse(cell, CultureInfo.InvariantCulture))).ToDictionary(StringComparer.Ordinal))];
    }
}

/// <summary>Without a browser, so that it runs where there is none.</summary>
[CollectionDefinition]
public sealed class ApiCollection : ICollectionFixture<PortalFixture>;
