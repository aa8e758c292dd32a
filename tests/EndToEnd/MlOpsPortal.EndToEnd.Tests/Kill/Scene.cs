using System.Globalization;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Kill;

/// <summary>A tenant at work: projects, a model with its data, and an endpoint that answers.</summary>
internal sealed record Scene(TestTenant Tenant, IReadOnlyList<TestProject> Projects, TestDataset Dataset, IReadOnlyList<string> Models, string EndpointId)
{
    public const int Clients = 8;
    public const string Endpoint = "survivor";

    /// <summary>A project takes 20 objectives, and one write in five is one.</summary>
    private const int OperationsPerProject = 80;

    /// <summary>A model takes 1,000 versions, and one write in forty is one.</summary>
    private const int OperationsPerModel = 10_000;

    public static async Task<Scene> ArrangeAsync(PortalProcess portal, int operations = 0)
    {
        var tenant = await portal.TenantAsync("Survivor");
        var (scientist, samples) = (tenant[Role.DataScientist], Path.Combine(Repository.Samples, "breast_cancer"));
        var projects = new List<TestProject>();
        for (var number = 0; number < 1 + (operations / OperationsPerProject); number++)
            projects.Add(await tenant.ProjectAsync(string.Create(CultureInfo.InvariantCulture, $"Objectives {number}")));
        var training = await scientist.DatasetAsync(projects[0], "training", Path.Combine(samples, "train.csv"), "training", "target");
        var test = await scientist.DatasetAsync(projects[0], "test", Path.Combine(samples, "test.csv"), "test", "target", training);
        var models = new List<string>();
        for (var number = 0; number < 1 + (operations / OperationsPerModel); number++)
            models.Add(Modelling.Text((await scientist.PostAsync("/api/v1/models", new { project = projects[0].Id, name = string.Create(CultureInfo.InvariantCulture, $"model {number}"), task = "binary" })).GetProperty("model"), "id"));
        var version = await scientist.VersionAsync(models[0], Path.Combine(samples, "models", "logistic.onnx"), "target", training, "logistic");
        var engineer = tenant[Role.MlOpsEngineer];
        var endpoint = Modelling.Text((await engineer.PostAsync("/api/v1/endpoints", new { project = projects[0].Id, name = Endpoint, environment = "sandbox", model = models[0] })).GetProperty("deployment"), "id");
        await engineer.DeployAsync(endpoint, version);
        return new Scene(tenant, projects, test, models, endpoint);
    }

    public Writers Writers(PortalProcess portal, Func<Task> isBack, bool portalDies) =>
        new(Tenant, Endpoint, EndpointId, Models, Dataset, Projects) { IsBack = isBack, PortalDies = portalDies, LogOf = portal.LogOf };
}
