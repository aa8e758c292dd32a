using System.Net;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;
using static MlOpsPortal.Registry.RegistryWire;

namespace MlOpsPortal.Registry;

[Collection<PortalCollection>]
public sealed class RegisteredModelTests(PortalFixture portal)
{
    [Fact]
    public async Task A_name_is_taken_once_and_free_again_after_its_deletion()
    {
        var (ada, project) = await ArrangeAsync();
        await ada.ModelAsync("churn", project);

        (await ada.RefusedAsync("POST", "registered-models/create", new { name = "churn" }, HttpStatusCode.BadRequest, "RESOURCE_ALREADY_EXISTS")).ShouldBe("Registered Model (name=churn) already exists.");
        await ada.ModelAsync("Churn", project);
        await ada.CallAsync("DELETE", "registered-models/delete", new { name = "churn" });
        (await ada.RefusedAsync("GET", "registered-models/get?name=churn", null, HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST")).ShouldBe("Registered Model with name=churn not found");
        await ada.ModelAsync("churn", project);
        await ada.RefusedAsync("POST", "registered-models/rename", new { name = "churn", new_name = "Churn" }, HttpStatusCode.BadRequest, "RESOURCE_ALREADY_EXISTS");
    }

    [Fact]
    public async Task Versions_count_up_and_no_number_comes_twice()
    {
        var (ada, project) = await ArrangeAsync();
        var experiment = await ada.ExperimentAsync(project);
        var run = await ada.RunAsync(experiment);
        await ada.ModelAsync("m", project);

        var first = await ada.VersionAsync("m", experiment, run);
        Text(first, "version").ShouldBe("1");
        Text(first, "status").ShouldBe("READY");
        Text(first, "current_stage").ShouldBe("None");
        Text(first, "run_id").ShouldBe(run);
        await ada.VersionAsync("m", experiment, run);
        await ada.CallAsync("DELETE", "model-versions/delete", new { name = "m", version = "2" });
        await ada.RefusedAsync("GET", "model-versions/get?name=m&version=2", null, HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        Text(await ada.VersionAsync("m", experiment, run), "version").ShouldBe("3");
        await ada.RefusedAsync("GET", "model-versions/get?name=m&version=x", null, HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        Text(await ada.CallAsync("GET", "model-versions/get-download-uri?name=m&version=1"), "artifact_uri").ShouldBe($"mlflow-artifacts:/{experiment}/{run}/artifacts/model");
    }

    [Fact]
    public async Task Many_who_register_at_once_get_a_number_each()
    {
        var (ada, project) = await ArrangeAsync();
        var experiment = await ada.ExperimentAsync(project);
        var run = await ada.RunAsync(experiment);
        await ada.ModelAsync("busy", project);

        var versions = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => ada.VersionAsync("busy", experiment, run)));

        versions.Select(version => int.Parse(Text(version, "version"), System.Globalization.CultureInfo.InvariantCulture)).Order().ShouldBe(Enumerable.Range(1, 12));
    }

    [Fact]
    public async Task Aliases_move_in_one_call_and_lead_to_a_version()
    {
        var (ada, project) = await ArrangeAsync();
        var experiment = await ada.ExperimentAsync(project);
        var run = await ada.RunAsync(experiment);
        await ada.ModelAsync("a", project);
        await ada.VersionAsync("a", experiment, run);
        await ada.VersionAsync("a", experiment, run);

        await ada.CallAsync("POST", "registered-models/alias", new { name = "a", alias = "challenger", version = "1" });
        await ada.CallAsync("POST", "registered-models/alias", new { name = "a", alias = "challenger", version = "2" });
        var found = (await ada.CallAsync("GET", "registered-models/alias?name=a&alias=challenger")).GetProperty("model_version");
        Text(found, "version").ShouldBe("2");
        found.GetProperty("aliases").EnumerateArray().Select(alias => alias.GetString()).ShouldBe(["challenger"]);
        Text(await ada.CallAsync("GET", "registered-models/alias?name=a&alias=latest"), "model_version", "version").ShouldBe("2");
        await ada.RefusedAsync("GET", "registered-models/alias?name=a&alias=nobody", null, HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await ada.RefusedAsync("POST", "registered-models/alias", new { name = "a", alias = "Latest", version = "1" }, HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await ada.RefusedAsync("POST", "registered-models/alias", new { name = "a", alias = "v7", version = "1" }, HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await ada.RefusedAsync("POST", "registered-models/alias", new { name = "a", alias = "x", version = "9" }, HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        await ada.CallAsync("DELETE", "registered-models/alias", new { name = "a", alias = "nobody" });
        await ada.CallAsync("DELETE", "model-versions/delete", new { name = "a", version = "2" });
        await ada.RefusedAsync("GET", "registered-models/alias?name=a&alias=challenger", null, HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        Names(await ada.CallAsync("POST", "registered-models/get-latest-versions", new { name = "a" }), "model_versions", "version").ShouldBe(["1"]);
    }

    [Fact]
    public async Task A_search_understands_the_grammar_pages_and_hides_prompts()
    {
        var (ada, project) = await ArrangeAsync();
        foreach (var name in (string[])["s1", "s2", "s3"])
            await ada.ModelAsync(name, project);
        await ada.CallAsync("POST", "registered-models/create", new { name = "s-prompt", tags = new[] { new { key = "mlflow.prompt.is_prompt", value = "true" } } });
        await ada.CallAsync("POST", "registered-models/set-tag", new { name = "s2", key = "team", value = "growth" });

        async Task<string[]> Find(string filter, string more = "") =>
            [.. Names(await ada.CallAsync("GET", $"registered-models/search?filter={Uri.EscapeDataString(filter)}{more}"), "registered_models", "name")];

        (await Find("tag.`mlflow.prompt.is_prompt` != 'true'")).ShouldBe(["s1", "s2", "s3"]);
        (await Find("tags.team = 'growth' OR name = 's3'", "&order_by=name%20DESC")).ShouldBe(["s3", "s2"]);
        (await Find("tags.team IS NULL AND NOT name IN ('s1')")).ShouldBe(["s3"]);
        (await Find("name ILIKE 'S%'")).ShouldBe(["s1", "s2", "s3"]);
        (await Find("tags.`mlflow.prompt.is_prompt` = 'true'")).ShouldBe(["s-prompt"]);
        var page = await ada.CallAsync("GET", "registered-models/search?max_results=2");
        Names(page, "registered_models", "name").ShouldBe(["s1", "s2"]);
        var token = Uri.EscapeDataString(Text(page, "next_page_token"));
        Names(await ada.CallAsync("GET", $"registered-models/search?max_results=2&page_token={token}"), "registered_models", "name").ShouldBe(["s3"]);
        await ada.RefusedAsync("GET", $"registered-models/search?filter=name%20%3D%20%27s1%27&page_token={token}", null, HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await ada.RefusedAsync("GET", "registered-models/search?page_token=eyJvZmZzZXQiOiA1fQ%3D%3D", null, HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await ada.RefusedAsync("GET", "registered-models/search?max_results=1001", null, HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await ada.RefusedAsync("GET", "registered-models/search?filter=foo%20%3D%20%271%27", null, HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
    }

    [Fact]
    public async Task Versions_are_found_by_run_number_and_tag()
    {
        var (ada, project) = await ArrangeAsync();
        var experiment = await ada.ExperimentAsync(project);
        var (one, two) = (await ada.RunAsync(experiment), await ada.RunAsync(experiment));
        await ada.ModelAsync("v", project);
        await ada.VersionAsync("v", experiment, one);
        await ada.VersionAsync("v", experiment, two);
        await ada.CallAsync("POST", "model-versions/set-tag", new { name = "v", version = "1", key = "k", value = "x" });

        async Task<string[]> Find(string filter) => [.. Names(await ada.CallAsync("GET", $"model-versions/search?filter={Uri.EscapeDataString(filter)}&order_by=version_number%20ASC"), "model_versions", "version")];

        (await Find("name = 'v'")).ShouldBe(["1", "2"]);
        (await Find($"run_id IN ('{two}')")).ShouldBe(["2"]);
        (await Find("version_number > 1")).ShouldBe(["2"]);
        (await Find("tags.k = 'x'")).ShouldBe(["1"]);
        (await Find("name = 'v' AND NOT tags.k = 'x'")).ShouldBe(["2"]);
    }

    [Fact]
    public async Task What_is_not_yours_to_see_is_not_there()
    {
        var (ada, project) = await ArrangeAsync();
        await ada.ModelAsync("secret", project);
        var stranger = (await portal.TenantAsync("Elsewhere"))[Role.DataScientist];
        var outsider = lastTenant!.Outsider;

        foreach (var nobody in new[] { stranger, outsider })
        {
            await nobody.RefusedAsync("GET", "registered-models/get?name=secret", null, HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
            await nobody.RefusedAsync("DELETE", "registered-models/delete", new { name = "secret" }, HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
            Names(await nobody.CallAsync("GET", "registered-models/search"), "registered_models", "name").ShouldBeEmpty();
        }

        await lastTenant[Role.Viewer].RefusedAsync("DELETE", "registered-models/delete", new { name = "secret" }, HttpStatusCode.Forbidden, "PERMISSION_DENIED");
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("s3://bucket/model")]
    [InlineData("mlflow-artifacts:/ok#/../../etc")]
    [InlineData("mlflow-artifacts:/../../etc")]
    [InlineData("models:/nobody")]
    public async Task A_source_is_a_thing_of_this_portal(string source)
    {
        var (ada, project) = await ArrangeAsync();
        await ada.ModelAsync("src", project);

        await ada.RefusedAsync("POST", "model-versions/create", new { name = "src", source }, HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await ada.RefusedAsync(
            "POST", "model-versions/create", new { name = "src", source, tags = new[] { new { key = "mlflow.prompt.is_prompt", value = "true" } } }, HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
    }

    [Fact]
    public async Task Another_tenants_run_or_model_is_as_absent_as_none()
    {
        var (ada, project) = await ArrangeAsync();
        await ada.ModelAsync("src", project);
        var other = await portal.TenantAsync("Theirs");
        var eve = other[Role.DataScientist];
        var experiment = await eve.ExperimentAsync(await other.ProjectAsync("Theirs"));
        var (run, model) = (await eve.RunAsync(experiment), await eve.LoggedModelAsync(experiment));
        const string NoRun = "0123456789abcdef0123456789abcdef", NoModel = "m-0123456789abcdef0123456789abcdef";

        async Task Same(Func<string, object> body, string theirs, string nobodys, HttpStatusCode status, string code)
        {
            var (first, second) = (await ada.RefusedAsync("POST", "model-versions/create", body(theirs), status, code), await ada.RefusedAsync("POST", "model-versions/create", body(nobodys), status, code));
            first.Replace(theirs, "", StringComparison.Ordinal).ShouldBe(second.Replace(nobodys, "", StringComparison.Ordinal));
        }

        await Same(id => new { name = "src", source = $"runs:/{id}/model", run_id = id }, run, NoRun, HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        await Same(id => new { name = "src", source = $"models:/{id}", model_id = id }, model, NoModel, HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        await Same(id => new { name = "src", source = $"mlflow-artifacts:/{experiment}/{id}/artifacts/model", run_id = id }, run, NoRun, HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
    }

    [Fact]
    public async Task A_version_of_a_logged_model_stands_on_its_files_and_on_its_run()
    {
        var (ada, project) = await ArrangeAsync();
        var experiment = await ada.ExperimentAsync(project);
        var run = await ada.RunAsync(experiment);
        var model = await ada.LoggedModelAsync(experiment, run);
        var key = $"{experiment}/models/{model}/artifacts/";
        await ada.PutAsync(key + "MLmodel", "flavors:\n  sklearn:\n    code: null\n"u8.ToArray());
        await ada.ModelAsync("logged");

        var version = (await ada.CallAsync("POST", "model-versions/create", new { name = "logged", source = $"models:/{model}", model_id = model })).GetProperty("model_version");

        Text(version, "run_id").ShouldBe(run);
        Text(version, "source").ShouldBe($"models:/{model}");
        Text(await ada.CallAsync("GET", "model-versions/get-download-uri?name=logged&version=1"), "artifact_uri").ShouldBe($"mlflow-artifacts:/{experiment}/models/{model}/artifacts");
        (await ada.CallAsync("GET", $"logged-models/{model}")).ToString().ShouldContain("mlflow.modelVersions");
        using var overwritten = await ada.Client.PutAsync(new Uri("/api/2.0/mlflow-artifacts/artifacts/" + key + "MLmodel", UriKind.Relative), new ByteArrayContent([1]));
        ((int)overwritten.StatusCode).ShouldBeInRange(400, 499);
        Text(await ada.CallAsync("POST", "model-versions/create", new { name = "logged", source = "models:/logged/1" }), "model_version", "run_id").ShouldBe(run);
    }

    private TestTenant? lastTenant;

    private async Task<(TestMember, TestProject)> ArrangeAsync()
    {
        lastTenant = await portal.TenantAsync("Registry");
        return (lastTenant[Role.DataScientist], await lastTenant.ProjectAsync("Registry"));
    }
}
