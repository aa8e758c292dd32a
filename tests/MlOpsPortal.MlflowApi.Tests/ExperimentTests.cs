using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.MlflowApi;

[Collection<PortalCollection>]
public sealed class ExperimentTests(PortalFixture portal)
{
    [Fact]
    public async Task An_experiment_is_made_found_by_its_name_and_renamed()
    {
        var ada = (await portal.TenantAsync("Exp"))[Role.DataScientist];

        (await ada.AskAsync("experiments/get-by-name?experiment_name=first")).Refused(404, "RESOURCE_DOES_NOT_EXIST");
        var id = await ada.ExperimentAsync("first", KeyValuePair.Create("team", "blue"));
        var found = (await ada.AskAsync($"experiments/get?experiment_id={id}")).Fine();
        found.Text("experiment", "artifact_location").ShouldBe($"mlflow-artifacts:/{id}");
        found.Text("experiment", "lifecycle_stage").ShouldBe("active");
        found.At("experiment", "tags")[0].GetProperty("value").GetString().ShouldBe("blue");
        (await ada.PostAsync("experiments/create", new { name = "first" })).Refused(400, "RESOURCE_ALREADY_EXISTS");
        (await ada.PostAsync("experiments/update", new { experiment_id = id, new_name = "second" })).Fine();
        (await ada.AskAsync("experiments/get-by-name?experiment_name=second")).Fine().Text("experiment", "experiment_id").ShouldBe(id);
    }

    [Fact]
    public async Task Every_tenant_has_a_default_experiment_that_waits_for_nobody()
    {
        var tenant = await portal.TenantAsync("Exp");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => tenant[Role.DataScientist].RunAsync("0")));

        (await tenant[Role.MlOpsEngineer].AskAsync("experiments/get?experiment_id=0")).Fine().Text("experiment", "name").ShouldBe("Default");
        (await tenant[Role.DataScientist].SearchAsync("0", null)).Length.ShouldBe(4);
    }

    [Fact]
    public async Task A_deleted_experiment_comes_back_with_its_runs_and_its_name_is_free_meanwhile()
    {
        var ada = (await portal.TenantAsync("Exp"))[Role.DataScientist];
        var id = await ada.ExperimentAsync("gone");
        var run = await ada.RunAsync(id);

        (await ada.PostAsync("experiments/delete", new { experiment_id = id })).Fine();
        (await ada.PostAsync("experiments/delete", new { experiment_id = id })).Refused(404, "RESOURCE_DOES_NOT_EXIST");
        (await ada.AskAsync($"runs/get?run_id={run}")).Fine().Text("run", "info", "lifecycle_stage").ShouldBe("deleted");
        (await ada.PostAsync("runs/create", new { experiment_id = id })).Refused(400, "INVALID_PARAMETER_VALUE");
        (await ada.PostAsync("experiments/update", new { experiment_id = id, new_name = "other" })).Refused(400, "INVALID_PARAMETER_VALUE");
        (await ada.AskAsync("experiments/get-by-name?experiment_name=gone")).Fine().Text("experiment", "lifecycle_stage").ShouldBe("deleted");
        var second = await ada.ExperimentAsync("gone");
        (await ada.AskAsync("experiments/get-by-name?experiment_name=gone")).Fine().Text("experiment", "experiment_id").ShouldBe(second);
        (await ada.PostAsync("experiments/restore", new { experiment_id = id })).Refused(400, "RESOURCE_ALREADY_EXISTS");
        (await ada.PostAsync("experiments/update", new { experiment_id = second, new_name = "newer" })).Fine();
        (await ada.PostAsync("experiments/restore", new { experiment_id = id })).Fine();
        (await ada.AskAsync($"runs/get?run_id={run}")).Fine().Text("run", "info", "lifecycle_stage").ShouldBe("active");
    }

    [Fact]
    public async Task The_tag_names_the_project_and_who_is_no_member_finds_nothing()
    {
        var tenant = await portal.TenantAsync("Exp");
        var project = await tenant.ProjectAsync("Credit");
        var ada = tenant[Role.DataScientist];

        var id = await ada.ExperimentAsync("scores", KeyValuePair.Create("mlopsportal.project", "Credit"));

        (await tenant[Role.Viewer].AskAsync($"experiments/get?experiment_id={id}")).Fine();
        (await tenant[Role.Viewer].PostAsync("runs/create", new { experiment_id = id })).Refused(403, "PERMISSION_DENIED");
        (await tenant.Outsider.AskAsync($"experiments/get?experiment_id={id}")).Refused(404, "RESOURCE_DOES_NOT_EXIST");
        (await tenant.Outsider.PostAsync("runs/create", new { experiment_id = id })).Refused(404, "RESOURCE_DOES_NOT_EXIST");
        (await ada.PostAsync("experiments/create", new { name = "x", tags = new[] { new { key = "mlopsportal.project", value = "no such" } } })).Refused(404, "RESOURCE_DOES_NOT_EXIST");
        _ = project;
    }

    [Fact]
    public async Task Setting_the_projects_tag_moves_the_experiment()
    {
        var tenant = await portal.TenantAsync("Exp");
        var project = await tenant.ProjectAsync("Churn");
        var ada = tenant[Role.DataScientist];
        var id = await ada.ExperimentAsync("loose");
        (await tenant[Role.BusinessOwner].AskAsync($"experiments/get?experiment_id={id}")).Refused(404, "RESOURCE_DOES_NOT_EXIST");

        (await ada.PostAsync("experiments/set-experiment-tag", new { experiment_id = id, key = "mlopsportal.project", value = project.Id })).Fine();

        (await tenant[Role.BusinessOwner].AskAsync($"experiments/get?experiment_id={id}")).Fine();
    }

    [Fact]
    public async Task Tags_are_set_replaced_and_deleted_once()
    {
        var ada = (await portal.TenantAsync("Exp"))[Role.DataScientist];
        var id = await ada.ExperimentAsync("tags");

        (await ada.PostAsync("experiments/set-experiment-tag", new { experiment_id = id, key = "k", value = "1" })).Fine();
        (await ada.PostAsync("experiments/set-experiment-tag", new { experiment_id = id, key = "k", value = "2" })).Fine();
        (await ada.AskAsync($"experiments/get?experiment_id={id}")).Fine().At("experiment", "tags")[0].GetProperty("value").GetString().ShouldBe("2");
        (await ada.PostAsync("experiments/delete-experiment-tag", new { experiment_id = id, key = "k" })).Fine();
        (await ada.PostAsync("experiments/delete-experiment-tag", new { experiment_id = id, key = "k" })).Refused(404, "RESOURCE_DOES_NOT_EXIST");
    }

    [Theory]
    [InlineData("experiments/create", """{}""")]
    [InlineData("experiments/create", """{"name": ""}""")]
    [InlineData("experiments/create", """{"name": 7}""")]
    [InlineData("experiments/create", """{"name": "x", "tags": {}}""")]
    [InlineData("experiments/create", """{"name": "x", "tags": [{"key": "a//b", "value": ""}]}""")]
    [InlineData("experiments/create", """{"name": "x", "artifact_location": "runs:/abc"}""")]
    [InlineData("experiments/create", "not json")]
    [InlineData("experiments/delete", """{"experiment_id": "abc"}""")]
    [InlineData("experiments/search", """{"max_results": 60000}""")]
    [InlineData("experiments/search", """{"max_results": 0}""")]
    [InlineData("experiments/search", """{"filter": "name > 'a' b"}""")]
    [InlineData("experiments/search", """{"page_token": "bogus"}""")]
    public async Task What_cannot_be_read_is_400(string operation, string body) =>
        (await (await portal.TenantAsync("Exp"))[Role.DataScientist].PostTextAsync(operation, body)).Refused(400, "INVALID_PARAMETER_VALUE");

    [Fact]
    public async Task A_post_must_say_that_it_is_JSON()
    {
        var ada = (await portal.TenantAsync("Exp"))[Role.DataScientist];
        using var answer = await ada.Client.PostAsync("/api/2.0/mlflow/experiments/create", new StringContent("{\"name\":\"x\"}", System.Text.Encoding.UTF8, "text/plain"));

        ((int)answer.StatusCode).ShouldBe(400);
    }

    [Fact]
    public async Task Experiments_are_searched_page_by_page()
    {
        var ada = (await portal.TenantAsync("Exp"))[Role.DataScientist];
        foreach (var name in (string[])["a1", "a2", "b1"])
            await ada.ExperimentAsync(name, KeyValuePair.Create("letter", name[..1]));

        var found = (await ada.PostAsync("experiments/search", new { filter = "tags.letter = 'a'", order_by = new[] { "name DESC" }, max_results = 1 })).Fine();
        found.At("experiments")[0].GetProperty("name").GetString().ShouldBe("a2");
        var next = (await ada.PostAsync("experiments/search", new { filter = "tags.letter = 'a'", order_by = new[] { "name DESC" }, max_results = 1, page_token = found.Text("next_page_token") })).Fine();
        next.At("experiments")[0].GetProperty("name").GetString().ShouldBe("a1");
        next.Body.TryGetProperty("next_page_token", out _).ShouldBeFalse();
        (await ada.PostAsync("experiments/search", new { filter = "tags.letter = 'b'", page_token = found.Text("next_page_token") })).Refused(400, "INVALID_PARAMETER_VALUE");
        (await ada.AskAsync("experiments/search?max_results=10")).Fine().At("experiments").GetArrayLength().ShouldBe(4, "the default one too");
    }
}
