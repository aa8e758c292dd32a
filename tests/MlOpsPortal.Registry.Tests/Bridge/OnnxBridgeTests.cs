using System.Globalization;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;
using static MlOpsPortal.Registry.RegistryWire;

namespace MlOpsPortal.Registry.Bridge;

[Collection<PortalCollection>]
public sealed class OnnxBridgeTests(PortalFixture portal)
{
    private const string MLmodel = """
        flavors:
          onnx:
            data: model.onnx
            onnx_version: 1.12.0
          python_function:
            loader_module: mlflow.onnx
        mlflow_version: 3.17.2
        signature:
          inputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 30]}}]'
          outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}, "name": "label"}]'
        """;

    [Fact]
    public async Task A_logged_ONNX_model_becomes_a_portal_model_version_once()
    {
        var tenant = await portal.TenantAsync("Bridge");
        var ada = tenant[Role.DataScientist];
        var project = await tenant.ProjectAsync("Bridge");
        var experiment = await ada.ExperimentAsync(project);
        var run = await ada.RunAsync(experiment);
        await ada.CallAsync("POST", "runs/log-parameter", new { run_id = run, key = "depth", value = "3" });
        var model = await ada.LoggedModelAsync(experiment, run);
        var key = $"{experiment}/models/{model}/artifacts/";
        await ada.PutAsync(key + "MLmodel", System.Text.Encoding.UTF8.GetBytes(MLmodel));
        await ada.PutAsync(key + "model.onnx", await File.ReadAllBytesAsync(Path.Combine(Samples(), "breast_cancer", "models", "logistic.onnx")));
        await ada.ModelAsync("cancer");
        await ada.CallAsync("POST", "model-versions/create", new { name = "cancer", source = $"models:/{model}", model_id = model });
        await ada.CallAsync("POST", "model-versions/create", new { name = "cancer", source = $"models:/{model}", model_id = model });

        await ada.Client.LastJobAsync(project.Id);
        using var list = await ada.Client.GetAsync($"/api/v1/models?project={project.Id}");
        var made = (await list.RequiredAsync()).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        Text(made, "name").ShouldBe("cancer");
        made.GetProperty("versions").GetInt32().ShouldBe(1);
        using var whole = await ada.Client.GetAsync($"/api/v1/models/{Text(made, "id")}");
        (await whole.RequiredAsync()).ToString().ShouldContain("depth");
        foreach (var number in (int[])[1, 2])
        {
            using var version = await ada.Client.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/registered-models/cancer/versions/{number}"));
            (await version.RequiredAsync()).GetProperty("portal").GetProperty("number").GetInt32().ShouldBe(1);
        }
    }

    private static string Samples()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Directory.Exists(Path.Combine(folder.FullName, "samples")))
                return Path.Combine(folder.FullName, "samples");
        throw new DirectoryNotFoundException("The repository's samples are not above the tests.");
    }
}
