using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Monitoring.Tests.Measuring;

/// <summary>The retail store of the samples as far as monitoring needs it: a released response model with its test set, and an endpoint.</summary>
internal sealed record RetailStore(TestTenant Tenant, TestProject Project, string Model, TestVersion Version, string Endpoint, string EndpointName)
{
    public TestMember Engineer => Tenant[Role.MlOpsEngineer];

    /// <param name="folder">response_model or response_model_2025.</param>
    public static async Task<RetailStore> OpenAsync(TestTenant tenant, string folder)
    {
        var (scientist, samples) = (tenant[Role.DataScientist], Path.Combine(RetailYear.Folder, folder));
        var project = await tenant.ProjectAsync("Offers near you");
        var training = await scientist.DatasetAsync(project, "training", Path.Combine(samples, "train.csv"), "training", "visited_within_14_days");
        var test = await scientist.DatasetAsync(project, "test", Path.Combine(samples, "test.csv"), "test", "visited_within_14_days", training);
        var model = Modelling.Text((await scientist.PostAsync("/api/v1/models", new { project = project.Id, name = "response", task = "binary" })).GetProperty("model"), "id");
        var version = await scientist.VersionAsync(model, Path.Combine(samples, "models", "lightgbm.onnx"), "visited_within_14_days", training, "LightGBM");
        await scientist.EvaluateAsync(version, test);
        var store = new RetailStore(tenant, project, model, version, "", "");
        return await store.EndpointAsync("offers");
    }

    /// <summary>The same store with an endpoint of its own, on which the model answers.</summary>
    public async Task<RetailStore> EndpointAsync(string name)
    {
        var created = await Engineer.PostAsync("/api/v1/endpoints", new { project = Project.Id, name, environment = "sandbox", model = Model });
        var endpoint = Modelling.Text(created.GetProperty("deployment"), "id");
        await Engineer.DeployAsync(endpoint, Version);
        return this with { Endpoint = endpoint, EndpointName = name };
    }

    public async Task<string> MonitorAsync(object settings) =>
        Modelling.Text((await Engineer.PostAsync($"/api/v1/endpoints/{Endpoint}/monitors", settings)).GetProperty("monitor"), "id");
}
