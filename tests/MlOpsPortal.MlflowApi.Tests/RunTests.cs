using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.MlflowApi;

[Collection<PortalCollection>]
public sealed class RunTests(PortalFixture portal)
{
    [Fact]
    public async Task A_run_begins_logs_ends_and_is_read_again()
    {
        var ada = (await portal.TenantAsync("Run"))[Role.DataScientist];
        var experiment = await ada.ExperimentAsync("e");

        var made = (await ada.PostAsync("runs/create", new { experiment_id = experiment, user_id = "ada", start_time = 5, tags = new[] { new { key = "t", value = "v" } } })).Fine();
        var id = made.Text("run", "info", "run_id");
        id.ShouldMatch("^[0-9a-f]{32}$");
        made.Text("run", "info", "status").ShouldBe("RUNNING");
        made.Text("run", "info", "artifact_uri").ShouldBe($"mlflow-artifacts:/{experiment}/{id}/artifacts");
        made.Text("run", "info", "run_name").ShouldNotBeEmpty();
        (await ada.LogAsync(id, new[] { new { key = "m", value = 1.5, timestamp = 9, step = 1 } }, new[] { new { key = "p", value = "x" } })).Fine();
        var ended = (await ada.PostAsync("runs/update", new { run_id = id, status = "FINISHED", end_time = 17, run_name = "named" })).Fine();
        ended.At("run_info", "end_time").GetInt64().ShouldBe(17);

        var read = (await ada.AskAsync($"runs/get?run_id={id}&run_uuid={id}")).Fine();
        read.Text("run", "info", "status").ShouldBe("FINISHED");
        read.At("run", "data", "metrics")[0].GetProperty("value").GetDouble().ShouldBe(1.5);
        read.At("run", "data", "params")[0].GetProperty("value").GetString().ShouldBe("x");
        read.At("run", "data", "tags").EnumerateArray().Select(tag => (tag.GetProperty("key").GetString(), tag.GetProperty("value").GetString()))
            .ShouldBe([("mlflow.runName", "named"), ("t", "v")], ignoreOrder: true);
    }

    [Fact]
    public async Task The_names_tag_and_the_name_are_one()
    {
        var ada = (await portal.TenantAsync("Run"))[Role.DataScientist];
        var experiment = await ada.ExperimentAsync("e");

        (await ada.PostAsync("runs/create", new { experiment_id = experiment, run_name = "a", tags = new[] { new { key = "mlflow.runName", value = "b" } } })).Refused(400, "INVALID_PARAMETER_VALUE");
        var run = await ada.RunAsync(experiment, name: "first");
        (await ada.PostAsync("runs/set-tag", new { run_id = run, key = "mlflow.runName", value = "second" })).Fine();

        (await ada.AskAsync($"runs/get?run_id={run}")).Fine().Text("run", "info", "run_name").ShouldBe("second");
    }

    [Fact]
    public async Task A_parameter_is_written_once_and_nothing_of_a_batch_that_changes_one_is_kept()
    {
        var ada = (await portal.TenantAsync("Run"))[Role.DataScientist];
        var run = await ada.RunAsync(await ada.ExperimentAsync("e"));
        (await ada.PostAsync("runs/log-parameter", new { run_id = run, key = "lr", value = "0.1" })).Fine();
        (await ada.PostAsync("runs/log-parameter", new { run_id = run, key = "lr", value = "0.1" })).Fine();

        (await ada.LogAsync(run, new[] { new { key = "m", value = 1.0, timestamp = 1 } }, new[] { new { key = "lr", value = "0.2" }, new { key = "other", value = "1" } })).Refused(400, "INVALID_PARAMETER_VALUE");

        var read = (await ada.AskAsync($"runs/get?run_id={run}")).Fine();
        read.At("run", "data").TryGetProperty("metrics", out _).ShouldBeFalse();
        read.At("run", "data", "params").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task The_same_batch_twice_is_kept_once_and_the_latest_point_is_the_greatest()
    {
        var ada = (await portal.TenantAsync("Run"))[Role.DataScientist];
        var run = await ada.RunAsync(await ada.ExperimentAsync("e"));
        object[] points = [new { key = "m", value = (object)3.0, timestamp = 5, step = 2 }, new { key = "m", value = (object)1.0, timestamp = 9, step = 1 }, new { key = "m", value = (object)"NaN", timestamp = 7, step = 0 }];

        (await ada.LogAsync(run, points)).Fine();
        (await ada.LogAsync(run, points)).Fine();

        (await ada.AskAsync($"metrics/get-history?run_id={run}&metric_key=m")).Fine().At("metrics").EnumerateArray().Select(point => point.GetProperty("step").GetInt64()).ShouldBe([2, 0, 1], "by time");
        (await ada.AskAsync($"runs/get?run_id={run}")).Fine().At("run", "data", "metrics")[0].GetProperty("value").GetDouble().ShouldBe(3.0);
    }

    /// <summary>Attack 44: a client whose answers are lost sends again while the first is under way.</summary>
    [Fact]
    public async Task One_batch_by_many_at_once_is_kept_once()
    {
        var ada = (await portal.TenantAsync("Run"))[Role.DataScientist];
        var run = await ada.RunAsync(await ada.ExperimentAsync("e"));
        object[] points = [.. Enumerable.Range(0, 50).Select(step => new { key = "m", value = step / 2.0, timestamp = 1_000 + step, step })];
        object[] parameters = [new { key = "depth", value = "3" }];
        object[] tags = [new { key = "stage", value = "one" }];

        var said = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => ada.LogAsync(run, points, parameters, tags)));

        foreach (var answer in said)
            answer.Fine();
        (await ada.AskAsync($"metrics/get-history?run_id={run}&metric_key=m")).Fine().At("metrics").GetArrayLength().ShouldBe(50);
        var data = (await ada.AskAsync($"runs/get?run_id={run}")).Fine().At("run", "data");
        (data.GetProperty("metrics")[0].GetProperty("value").GetDouble(), data.GetProperty("params").GetArrayLength()).ShouldBe((24.5, 1));
    }

    [Fact]
    public async Task Infinities_are_kept_as_the_greatest_doubles_and_NaN_as_a_word()
    {
        var ada = (await portal.TenantAsync("Run"))[Role.DataScientist];
        var run = await ada.RunAsync(await ada.ExperimentAsync("e"));

        (await ada.PostAsync("runs/log-metric", new { run_id = run, key = "inf", value = "-Infinity", timestamp = 1 })).Fine();
        (await ada.PostAsync("runs/log-metric", new { run_id = run, key = "nan", value = "NaN", timestamp = "1", step = "4" })).Fine();

        var metrics = (await ada.AskAsync($"runs/get?run_id={run}")).Fine().At("run", "data", "metrics");
        metrics[0].GetProperty("value").GetDouble().ShouldBe(-double.MaxValue);
        metrics[1].GetProperty("value").GetString().ShouldBe("NaN");
        metrics[1].GetProperty("step").GetInt64().ShouldBe(4);
    }

    [Fact]
    public async Task A_deleted_run_is_read_but_not_written()
    {
        var ada = (await portal.TenantAsync("Run"))[Role.DataScientist];
        var experiment = await ada.ExperimentAsync("e");
        var run = await ada.RunAsync(experiment);

        (await ada.PostAsync("runs/delete", new { run_id = run })).Fine();
        (await ada.PostAsync("runs/delete", new { run_id = run })).Fine();
        (await ada.AskAsync($"runs/get?run_id={run}")).Fine().Text("run", "info", "lifecycle_stage").ShouldBe("deleted");
        (await ada.PostAsync("runs/log-metric", new { run_id = run, key = "m", value = 1, timestamp = 1 })).Refused(400, "INVALID_PARAMETER_VALUE").Text("message").ShouldContain("must be in the 'active' state");
        (await ada.SearchAsync(experiment, null)).ShouldBeEmpty();
        (await ada.PostAsync("runs/restore", new { run_id = run })).Fine();
        (await ada.SearchAsync(experiment, null)).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"run_id": "{run}", "metrics": [{"key": "m", "timestamp": 1}]}""")]
    [InlineData("""{"run_id": "{run}", "metrics": [{"key": "m", "value": "much", "timestamp": 1}]}""")]
    [InlineData("""{"run_id": "{run}", "metrics": [{"key": "../m", "value": 1, "timestamp": 1}]}""")]
    [InlineData("""{"run_id": "{run}", "metrics": [{"key": "m", "value": 1, "timestamp": -1}]}""")]
    [InlineData("""{"run_id": "{run}", "params": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]}""")]
    [InlineData("""{"run_id": "{run}", "tags": "x"}""")]
    [InlineData("""{"run_id": "{run}", "tags": [{"key": "\ud800", "value": "1"}]}""")]
    [InlineData("""{"metrics": []}""")]
    [InlineData("")]
    [InlineData("""{"run_id": "{run}", "metrics": [}""")]
    public async Task A_batch_that_cannot_be_read_is_400(string body)
    {
        var ada = (await portal.TenantAsync("Run"))[Role.DataScientist];
        var run = await ada.RunAsync(await ada.ExperimentAsync("e"));

        (await ada.PostTextAsync("runs/log-batch", body.Replace("{run}", run, StringComparison.Ordinal))).Refused(400, "INVALID_PARAMETER_VALUE");
    }

    [Theory]
    [InlineData(1_001, 0, 0)]
    [InlineData(0, 101, 0)]
    [InlineData(0, 0, 101)]
    [InlineData(950, 51, 0)]
    public async Task A_batch_has_its_limits(int metrics, int parameters, int tags)
    {
        var ada = (await portal.TenantAsync("Run"))[Role.DataScientist];
        var run = await ada.RunAsync(await ada.ExperimentAsync("e"));

        (await ada.LogAsync(
            run, Enumerable.Range(0, metrics).Select(index => new { key = "m", value = 1.0, timestamp = index }), Enumerable.Range(0, parameters).Select(index => new { key = $"p{index}", value = "" }),
            Enumerable.Range(0, tags).Select(index => new { key = $"t{index}", value = "" }))).Refused(400, "INVALID_PARAMETER_VALUE");
    }

    [Fact]
    public async Task Long_values_are_cut_and_old_clients_double_encoding_is_read()
    {
        var ada = (await portal.TenantAsync("Run"))[Role.DataScientist];
        var run = await ada.RunAsync(await ada.ExperimentAsync("e"));
        var body = System.Text.Json.JsonSerializer.Serialize(new { run_id = run, @params = new[] { new { key = "p", value = new string('x', 6_500) } } });

        (await ada.PostTextAsync("runs/log-batch", System.Text.Json.JsonSerializer.Serialize(body))).Fine();

        (await ada.AskAsync($"runs/get?run_id={run}")).Fine().At("run", "data", "params")[0].GetProperty("value").GetString()!.Length.ShouldBe(6_000);
    }

    [Fact]
    public async Task Inputs_and_outputs_are_noted_once()
    {
        var ada = (await portal.TenantAsync("Run"))[Role.DataScientist];
        var run = await ada.RunAsync(await ada.ExperimentAsync("e"));
        var inputs = new
        {
            run_id = run,
            datasets = new[] { new { dataset = new { name = "d", digest = "1", source_type = "local", source = "x" }, tags = new[] { new { key = "mlflow.data.context", value = "training" } } } },
            models = new[] { new { model_id = "m-" + new string('a', 32) } },
        };

        for (var time = 0; time < 2; time++)
        {
            (await ada.PostAsync("runs/log-inputs", inputs)).Fine();
            (await ada.PostAsync("runs/outputs", new { run_id = run, models = new[] { new { model_id = "m-" + new string('b', 32), step = 3 } } })).Fine();
        }

        var read = (await ada.AskAsync($"runs/get?run_id={run}")).Fine();
        read.At("run", "inputs", "dataset_inputs").GetArrayLength().ShouldBe(1);
        read.At("run", "inputs", "dataset_inputs")[0].GetProperty("dataset").GetProperty("digest").GetString().ShouldBe("1");
        read.At("run", "inputs", "model_inputs").GetArrayLength().ShouldBe(1);
        read.At("run", "outputs", "model_outputs")[0].GetProperty("step").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task A_model_of_an_old_client_is_noted_in_its_tag_once()
    {
        var ada = (await portal.TenantAsync("Run"))[Role.DataScientist];
        var run = await ada.RunAsync(await ada.ExperimentAsync("e"));
        var model = """{"artifact_path": "model", "flavors": {}, "utc_time_created": "now", "run_id": "x"}""";

        (await ada.PostAsync("runs/log-model", new { run_id = run, model_json = model })).Fine();
        (await ada.PostAsync("runs/log-model", new { run_id = run, model_json = model })).Fine();
        (await ada.PostAsync("runs/log-model", new { run_id = run, model_json = "{}" })).Refused(400, "INVALID_PARAMETER_VALUE");

        (await ada.AskAsync($"runs/get?run_id={run}")).Fine().At("run", "data", "tags").EnumerateArray().Single(tag => tag.GetProperty("key").GetString() == "mlflow.log-model.history")
            .GetProperty("value").GetString().ShouldBe("""[{"artifact_path":"model","flavors":{},"utc_time_created":"now","run_id":"x"}]""");
    }

    [Fact]
    public async Task Another_tenants_run_is_not_there()
    {
        var run = await (await portal.TenantAsync("Run"))[Role.DataScientist].RunAsync("0");
        var stranger = (await portal.TenantAsync("Else"))[Role.DataScientist];

        (await stranger.AskAsync($"runs/get?run_id={run}")).Refused(404, "RESOURCE_DOES_NOT_EXIST");
        (await stranger.PostAsync("runs/set-tag", new { run_id = run, key = "a", value = "b" })).Refused(404, "RESOURCE_DOES_NOT_EXIST");
        (await stranger.AskAsync($"metrics/get-history?run_id={run}&metric_key=m")).Refused(404, "RESOURCE_DOES_NOT_EXIST");
        (await stranger.AskAsync($"metrics/get-history-bulk?run_id={run}&metric_key=m")).Fine().At("metrics").GetArrayLength().ShouldBe(0);
    }
}
