using System.Text.Json;
using MlOpsPortal.MlflowContract.Environments;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.MlflowContract.Clients;

/// <summary>MLflow's own clients, unmodified, at the portal: each script does what a data scientist does and prints what it found.</summary>
[Collection(typeof(MlflowCollection))]
public sealed class ClientTests(PortalFixture portal, MlflowEnvironments environments)
{
    [Fact]
    public async Task Experiments_and_runs_are_logged_searched_deleted_and_restored()
    {
        var found = await RunAsync("tracking.py");

        Is(found, """
            {
              "same_experiment": true, "experiment_tags": {"team": "blue", "size": "5"}, "default": "Default", "status": "FINISHED",
              "params": {"depth": "3", "rate": "0.1"}, "long": 6000, "tags": {"kind": "parent", "colour": "green", "language": "日本語 ✓"}, "note": "Says what it is for",
              "history": [[0, 1.0], [1, 0.5], [2, 0.3333333333333333], [3, 0.25], [4, 0.2]], "curve": 1000, "curve_last": [999, 99.9, 1700000000999], "big": [901, 250, 150],
              "parent_of_inner": true, "dataset": ["weeks", "local", {"mlflow.data.context": "training", "split": "80/20"}], "raises": "FAILED",
              "paged": [5, 5, 3], "frame": 2, "after_delete": ["inner", "large", "outer", "raises"], "deleted": ["failed"], "life_cycle": ["deleted", "active"],
              "found": ["tracking", "tracking, renamed"], "renamed": "outer, renamed", "colour_is_gone": true
            }
            """);
        Is(found.GetProperty("metrics"), """{"loss": 0.2, "acc": 0.75, "nan": "NaN", "inf": 1.7976931348623157e+308, "minus": -1.7976931348623157e+308}""");
        Is(found.GetProperty("searches"), """
            {
              "by metric": ["inner", "outer"], "by param": ["outer"], "by tag": ["outer"], "by status": ["failed", "raises"], "by name": ["large"], "by parent": ["inner"],
              "by missing tag": ["inner", "large"], "by dataset": ["outer"], "by metric, descending": ["outer", "inner"]
            }
            """);
        Is(found, """{"changed": "INVALID_PARAMETER_VALUE", "write_to_deleted": "INVALID_PARAMETER_VALUE", "missing": "RESOURCE_DOES_NOT_EXIST", "quick": true}""");
    }

    [Fact]
    public async Task Files_texts_tables_images_and_odd_names_come_back_as_they_were_sent()
    {
        var found = await RunAsync("artifacts.py");

        Is(found, """
            {
              "listed": [["config.json", false], ["config.yaml", false], ["figure.png", false], ["folder", true], ["images", true], ["notes", true], ["picture.png", false], ["plain.txt", false], ["table.json", false]],
              "sizes": {"folder/deep/er/leaf.bin": 1024}, "of_a_file": 0, "table": [["a", "x"], ["b", "y"], ["c", "z"]], "stepped": 2, "stepped_has_odd_characters": true,
              "config": {"a": [1, 2, {"b": null}]}, "overwritten": "again", "missing": "RESOURCE_DOES_NOT_EXIST", "quick": true
            }
            """);
        found.GetProperty("same").EnumerateObject().ShouldAllBe(file => file.Value.GetBoolean());
        found.GetProperty("same").EnumerateObject().Count().ShouldBe(10);
    }

    [Fact]
    public async Task A_large_file_goes_up_in_parts()
    {
        var found = await RunAsync("artifacts.py", new() { ["MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD"] = "true", ["MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE"] = "6000000", ["MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE"] = "5242880" });

        Is(found.GetProperty("large"), """{"bytes": 17825796, "same": true}""");
    }

    [Fact]
    public async Task Autolog_a_logged_model_its_versions_and_its_alias_work_beside_a_metric_that_is_no_number()
    {
        var found = await RunAsync("models.py");

        Is(found, """
            {
              "auto_params": "3", "auto_score_logged": true, "auto_models": 1, "nan": ["NaN"], "status": "READY", "params": {"c": "1.0"}, "team": "blue", "model_metrics": {"fine": 0.5},
              "found": 1, "by_metric": 1, "versions": [1, 2, 3], "by_alias": true, "same": true, "copied": true, "description": "Who leaves", "registered_tags": {"team": "blue"},
              "models": ["churn", "churn copy"], "aliases": {"candidate": 3}, "alias_gone": "INVALID_PARAMETER_VALUE", "version_gone": "RESOURCE_DOES_NOT_EXIST", "model_gone": "RESOURCE_DOES_NOT_EXIST",
              "files": ["MLmodel", "input_example.json", "requirements.txt"], "signature": true
            }
            """);
        Words(found, "auto_metrics").ShouldContain("training_accuracy_score");
        Words(found, "auto_files").ShouldContain("estimator.html");
    }

    [Fact]
    public async Task An_ONNX_model_is_logged_registered_loaded_by_alias_and_asked() =>
        Is(await RunAsync("onnx_model.py"), """{"answer": [6.0, 8.0], "flavours": ["onnx", "python_function"], "version": 1, "status": "READY"}""");

    [Fact]
    public async Task The_oldest_client_logs_registers_and_loads()
    {
        var found = await RunAsync("oldest.py", [], environments.OldestPython);

        Is(found, """
            {
              "version": "2.20.4", "auto_params": "2", "metrics": {"acc": 0.5}, "params": {"depth": "2"}, "kind": "old", "history": [[1, 0.5]], "text": "from an old client", "same": true,
              "found": ["by hand"], "latest": [1], "files": ["model/MLmodel"], "missing": "RESOURCE_DOES_NOT_EXIST"
            }
            """);
        Words(found, "auto_files").ShouldContain("model");
    }

    [Fact]
    public async Task A_token_is_accepted_as_bearer_and_as_password_with_and_without_the_tenant_in_the_address_and_nothing_else_is()
    {
        var (tenant, other) = (await portal.TenantAsync("Access"), await portal.TenantAsync("Foreign"));
        var foreign = await other[Role.DataScientist].PostAsync("/api/2.0/mlflow/runs/create", new { experiment_id = "0", start_time = 1 });

        var found = await PythonScript.RunAsync(environments.CurrentPython, "access.py", portal.Url, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["PORTAL_TOKEN"] = tenant[Role.DataScientist].Token,
            ["PORTAL_TENANT"] = tenant.Slug,
            ["PORTAL_FOREIGN_RUN"] = foreign.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString(),
        });

        Is(found, """
            {
              "answers": ["bearer", "basic", "any user", "both", "prefix", "slash"], "runs": ["any user", "basic", "bearer", "both", "prefix", "slash"],
              "nobody": "UNAUTHENTICATED", "wrong": "UNAUTHENTICATED", "wrong_basic": "UNAUTHENTICATED", "foreign_run": "RESOURCE_DOES_NOT_EXIST", "foreign_write": "RESOURCE_DOES_NOT_EXIST"
            }
            """);
        found.GetProperty("other_tenant").GetString().ShouldBeOneOf("RESOURCE_DOES_NOT_EXIST", "ENDPOINT_NOT_FOUND");
    }

    private async Task<JsonElement> RunAsync(string script, Dictionary<string, string?>? more = null, string? python = null)
    {
        var tenant = await portal.TenantAsync("Clients");
        return await PythonScript.RunAsync(
            python ?? environments.CurrentPython, script, portal.Url, new Dictionary<string, string?>(more ?? [], StringComparer.Ordinal) { ["MLFLOW_TRACKING_TOKEN"] = tenant[Role.DataScientist].Token });
    }

    /// <summary>What is named is as expected; what else was found is free.</summary>
    private static void Is(JsonElement found, string expected)
    {
        foreach (var field in JsonElement.Parse(expected).EnumerateObject())
            JsonElement.DeepEquals(found.GetProperty(field.Name), field.Value).ShouldBeTrue($"{field.Name} is {found.GetProperty(field.Name)}, not {field.Value}");
    }

    private static List<string?> Words(JsonElement found, string field) => [.. found.GetProperty(field).EnumerateArray().Select(word => word.GetString())];
}
